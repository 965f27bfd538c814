// Prints how api-smart-diff classifies the difference of each pair of descriptions on standard input: one JSON list a line.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { apiDiff } = createRequire(import.meta.url)("api-smart-diff");

for (const [before, after] of JSON.parse(readFileSync(0, "utf8"))) {
  console.log(JSON.stringify(apiDiff(before, after).map((each) => each.type)));
}
