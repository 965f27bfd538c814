// A server on Express that checks bodies with Ajv, which coerces types.
// node server.js PORT SCHEMA: SCHEMA is the file of the JSON Schema of the request body, the key is in ULTRAVOX_API_KEY.
import { randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import express from "express";

const [port, schema] = process.argv.slice(2);
const deviations = new Set((process.env.DEVIATIONS ?? "").split(","));
const key = Buffer.from(process.env.ULTRAVOX_API_KEY);

// Fastify takes an array of one item for the item, and a scalar for an array of one.
const coerceTypes = deviations.has("array-coercion") ? "array" : true;
const ajv = new Ajv({ coerceTypes, strict: false, logger: false });
addFormats(ajv);
const isValid = ajv.compile(JSON.parse(readFileSync(schema, "utf-8")));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const UNSET = new Set(["FIRST_SPEAKER_UNSPECIFIED", "MESSAGE_MEDIUM_UNSPECIFIED"]);
// A call shows one of each pair; a body that sets one replaces the other one of the parent call.
const EXCLUSIVE = [["voice", "externalVoice"], ["firstSpeaker", "firstSpeakerSettings"]];
const DEFAULTS = {
  joinTimeout: "30s",
  maxDuration: "3600s",
  model: "fixie-ai/ultravox",
  recordingEnabled: false,
  temperature: 0,
  transcriptOptional: true,
  initialOutputMedium: "MESSAGE_MEDIUM_VOICE",
  medium: null,
  metadata: {},
  initialState: {},
  experimentalSettings: {},
  inactivityMessages: [],
  systemPrompt: null,
  timeExceededMessage: null,
  languageHint: null,
  voice: null,
};
const VAD = {
  turnEndpointDelay: "0.384s",
  minimumTurnDuration: "0s",
  minimumInterruptionDuration: "0.09s",
  frameActivationThreshold: 0.1,
};

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// What the model calls a tool: a stored tool that is not renamed keeps a name that its owner alone knows.
function modelName(tool) {
  return JSON.stringify(tool.nameOverride ?? tool.temporaryTool?.modelToolName ?? { id: tool.toolId, name: tool.toolName });
}

function isUncovered(tool) {
  const names = tool.temporaryTool?.requirements?.requiredParameterOverrides ?? [];
  return names.some((name) => !Object.hasOwn(tool.parameterOverrides ?? {}, name));
}

// What no JSON Schema says: each function returns true for a request that violates the rule.
const RULES = {
  "unique-names": ({ selectedTools = [] }) => new Set(selectedTools.map(modelName)).size < selectedTools.length,
  "required-overrides": ({ selectedTools = [] }) => selectedTools.some(isUncovered),
  "parent-messages": (body, parent) => parent !== undefined && "initialMessages" in body,
};

const calls = new Map();

function known(id, status) {
  const call = calls.get(id.toLowerCase());
  if (!call) throw new Refused(status, "there is no such call");
  return call;
}

function parentOf({ enableGreetingPrompt = "true", priorCallId }) {
  if (!["true", "false"].includes(enableGreetingPrompt)) throw new Refused(400, "enableGreetingPrompt is a boolean");
  if (priorCallId === undefined) return undefined;
  if (typeof priorCallId !== "string" || !UUID.test(priorCallId)) throw new Refused(400, "priorCallId is a UUID");
  return known(priorCallId, 404).settings;
}

function inherited(body, parent) {
  const set = Object.fromEntries(Object.entries(body).filter(([, value]) => !UNSET.has(value)));
  const replaced = new Set(EXCLUSIVE.filter((pair) => pair.some((name) => name in set)).flat());
  const kept = deviations.has("no-inheritance") ? [] : Object.entries(parent ?? {}).filter(([name]) => !replaced.has(name));
  return { ...Object.fromEntries(kept), ...set };
}

function shown(settings) {
  const id = randomUUID();
  const byUser = settings.firstSpeaker === "FIRST_SPEAKER_USER";
  const opening = settings.firstSpeakerSettings ?? (byUser ? { user: {} } : { agent: {} });
  const echoed = Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, settings[name] ?? value]));
  const call = {
    ...echoed,
    callId: id,
    created: new Date().toISOString(),
    joinUrl: `wss://voice.example.com/calls/${id}`,
    errorCount: 0,
    firstSpeaker: "user" in opening ? "FIRST_SPEAKER_USER" : "FIRST_SPEAKER_AGENT",
    firstSpeakerSettings: opening,
    vadSettings: { ...VAD, ...settings.vadSettings },
  };
  for (const name of ["clientVersion", "joined", "ended", "endReason", "shortSummary", "summary"]) call[name] = null;
  if (settings.externalVoice) call.externalVoice = settings.externalVoice;
  if (call.medium?.serverWebSocket) {
    const { inputSampleRate } = call.medium.serverWebSocket;
    call.medium = { serverWebSocket: { outputSampleRate: inputSampleRate, clientBufferSizeMs: 60, ...call.medium.serverWebSocket } };
  }
  return call;
}

const app = express();
app.disable("x-powered-by");
app.use("/api/calls", (request, response, next) => {
  const given = Buffer.from(request.get("X-API-Key") ?? "");
  const isRight = given.length === key.length && timingSafeEqual(given, key);
  if (isRight || deviations.has(given.length ? "any-key" : "no-key")) return next();
  throw new Refused(403, "wrong or missing API key");
});
app.use(express.json());

app.post("/api/calls", (request, response) => {
  if (request.body === undefined && request.get("Content-Type")) throw new Refused(415, "the body is JSON");
  const body = request.body ?? {};
  const parent = parentOf(request.query);
  if (!isValid(body)) throw new Refused(400, ajv.errorsText(isValid.errors));
  const violated = Object.keys(RULES).find((name) => !deviations.has(name) && RULES[name](body, parent));
  if (violated) throw new Refused(400, `violates ${violated}`);
  const settings = inherited(body, parent);
  const call = shown(settings);
  calls.set(call.callId, { settings, text: JSON.stringify(call) });
  response.status(201).type("json").send(calls.get(call.callId).text);
});

app.route("/api/calls/:id")
  .get((request, response) => {
    response.type("json").send(known(request.params.id, 404).text);
  })
  .delete((request, response) => {
    known(request.params.id, 404);
    if (!deviations.has("keeps-deleted")) calls.delete(request.params.id.toLowerCase());
    response.status(204).end();
  });

app.use((error, request, response, next) => {
  // JSON.parse reads objects that are nested too deeply for JSON.stringify to write.
  const status = error instanceof RangeError ? 400 : (error.status ?? 500);
  response.status(status).json({ detail: status === 500 ? "internal error" : error.message });
});

app.listen(Number(port), "127.0.0.1");
