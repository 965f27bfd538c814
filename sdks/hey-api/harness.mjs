// Harness for the client that @hey-api/openapi-ts generates from our description, with its zod schemas on both ways.
import '../shared/loopback.mjs'; // before anything that could open a connection
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const home = new URL('../.environments/hey-api/', import.meta.url);
const require = createRequire(home);
const { createClient, createConfig } = require('./built/client/index.js');
const { callsCreate } = require('./built/sdk.gen.js');
const { zCallsCreateBody, zCallsCreateQuery, zCallsCreateResponse } = require('./built/zod.gen.js');
const { version } = JSON.parse(readFileSync(new URL('node_modules/@hey-api/openapi-ts/package.json', home)));

let client, key;

// The client returns the body of an error response, which may be any JSON value.
const text = (error) => (typeof error === 'string' ? error : error instanceof Error ? error.message : JSON.stringify(error));
const raised = (error, status) => ({
    outcome: 'raised', error: error?.constructor?.name ?? typeof error, detail: text(error) ?? '', status: status ?? null,
});

async function create(call) {
    try {
        const options = { client, headers: { 'X-API-Key': key } };
        if (Object.keys(call.body).length) options.body = zCallsCreateBody.parse(call.body);
        if (Object.keys(call.query).length) options.query = zCallsCreateQuery.parse(call.query);
        const { data, error, response } = await callsCreate(options);
        if (error !== undefined) return raised(error, response?.status);
        return { outcome: 'returned', value: zCallsCreateResponse.parse(data) ?? null };
    } catch (error) {
        return raised(error);
    }
}

async function reply(message) {
    if (message.type === 'start') {
        client = createClient(createConfig({ baseUrl: message.url }));
        key = message.key;
        return { type: 'hello', protocol: 1, client: '@hey-api/openapi-ts', version };
    }
    if (message.type === 'create') return { type: 'result', id: message.id, ...(await create(message)) };
    return { type: 'bye' };
}

for await (const line of createInterface({ input: process.stdin })) {
    const message = await reply(JSON.parse(line));
    process.stdout.write(JSON.stringify(message) + '\n');
    if (message.type === 'bye') break;
}
