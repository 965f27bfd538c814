// Reads a header {schema, coerceTypes} and then JSON texts, each as a JSON string on a line; says what Ajv makes of each.
"use strict";
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter((line) => line !== "");
const { schema, coerceTypes } = JSON.parse(lines[0]);
const ajv = new Ajv({ coerceTypes, strict: false, logger: false });
addFormats(ajv);
const validate = ajv.compile(schema);

function reading(text) {
  let document;
  try {
    document = { body: JSON.parse(text) };
  } catch (error) {
    return { refused: error.message };
  }
  // Ajv coerces a value in its parent, so the body needs one.
  if (!validate(document)) return { refused: ajv.errorsText(validate.errors) };
  return { read: JSON.stringify(document.body) };
}

process.stdout.write(lines.slice(1).map((line) => JSON.stringify(reading(JSON.parse(line))) + "\n").join(""));
