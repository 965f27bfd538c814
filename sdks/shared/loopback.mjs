// Refusal of every host but loopback, before a name is looked up: import it once, before the client.
// `fetch`, `http`, `https` and `net` of Node.js all look names up through `dns` and connect through `net.Socket`.
import dns from 'node:dns';
import net from 'node:net';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

function check(host) {
    if (host !== undefined && host !== null && !LOOPBACK.test(String(host))) {
        throw new Error(`${host} refused by the harness: it is not this machine`);
    }
}

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
    check(new URL(input instanceof Request ? input.url : input).hostname);
    return fetch(input, init);
};

for (const holder of [dns, dns.promises]) {
    for (const name of Object.keys(holder).filter((each) => /^(lookup|resolve)/.test(each))) {
        const original = holder[name];
        holder[name] = function (host, ...rest) {
            check(host);
            return original.call(this, host, ...rest);
        };
    }
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...parts) {
    const [options] = Array.isArray(parts[0]) ? parts[0] : parts;
    if (typeof options === 'object' && options.path === undefined) check(options.host);
    else if (typeof parts[1] === 'string') check(parts[1]);
    return connect.apply(this, parts);
};
