// Tests a client (here: fetch) with the fixtures and the emulator that `examples/README.md` starts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const { CONFORMANCE_FIXTURES: folder = "fixtures", CONFORMANCE_TARGET: target, CONFORMANCE_KEY: key = "" } = process.env;
const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
const defaults = new Map(index.defaults.map((each: any) => [each.rule, each]));
const least = index.fixtures.find((each: any) => each.rule === "status.created");
const requests = index.fixtures.filter((each: any) => each.direction === "request" && each.expect.status);
const responses = index.fixtures.filter((each: any) => each.direction === "response");
const content = (fixture: any) => readFileSync(join(folder, fixture.file));

function send(fixture: any): Promise<Response> {
  const { method, path, query, query_text, headers, key: own, body } = fixture.request;
  const filled = (pairs: string[][]) => pairs.map(([name, value]) => [name, value.replace("{key}", key)] as [string, string]);
  const place = own ? index.contract.key : null;
  const sent = [...filled(headers), ...(place?.in === "header" ? [[place.name, key]] : [])] as [string, string][];
  const asked = new URLSearchParams([...filled(query), ...(place?.in === "query" ? [[place.name, key]] : [])]);
  const text = query_text ?? asked.toString();
  return fetch(target + path + (text && `?${text}`), { method, headers: sent, body: body ? content(fixture) : undefined });
}

async function create(): Promise<Record<string, unknown>> {
  for (let tries = 0; ; tries++) {
    const response = await send(least);
    const after = response.headers.get("retry-after");
    const bytes = await response.arrayBuffer();
    if (after && tries < 2) await sleep(/^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now());
    if (after && tries < 2) continue;
    const text = new TextDecoder("utf-8", { fatal: response.ok }).decode(bytes);
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    if (!text.startsWith("{")) throw new Error(`no object: ${text}`);
    return JSON.parse(text);
  }
}

const at = (value: any, pointer: string) =>
  pointer.split("/").slice(1).reduce((each, token) => each?.[token.replaceAll("~1", "/").replaceAll("~0", "~")], value);

test.each(requests.map((each: any) => [each.id, each]))("%s", async (_id, { kind, expect: expected, ...fixture }: any) => {
  const response = await send(fixture);
  expect(expected.status).toContain(response.status);
  if (response.status !== index.contract.status || !["positive", "pack"].includes(kind)) return void (await response.text());
  const shown = await response.json();
  for (const each of [...expected.echo, ...expected.defaults.map((rule: string) => defaults.get(rule))])
    if (!each.compare && !(each.may_be_absent && at(shown, each.pointer) == null))
      expect(JSON.stringify(at(shown, each.pointer))).toBe(JSON.stringify(each.value));
});

test.each(responses.map((each: any) => [each.id, each]))("%s", { timeout: 20_000 }, async (id, { expect: expected, ...fixture }: any) => {
  await fetch(`${target}/__respond`, { method: "POST", body: JSON.stringify({ fixture: id }) });
  const result = await create().catch((error: Error) => error);
  if (expected.outcome === "error") expect(result).toBeInstanceOf(Error);
  else if (expected.outcome !== "any") expect(result).not.toBeInstanceOf(Error);
  if (expected.outcome === "read") expect(JSON.stringify(result)).toBe(JSON.stringify(JSON.parse(content(fixture).toString())));
  if (expected.detail) expect(String(result)).toContain(expected.detail);
});
