// Ports that nodes can keep. zombienet would take whatever is free at the moment from the range that the system also gives to
// outgoing connections: one of those then holds a node's port before the node listens, or while it is dead.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Linux gives ports from 32768 on to connections.
const [FIRST, END] = [12_000, 32_000];

const given = new Set();

export async function lastingPorts(count) {
  const ports = [];
  while (ports.length < count) {
    const port = randomInt(FIRST, END);
    if (!given.has(port) && await isFree(port)) ports.push(port);
    given.add(port);
  }
  return ports;
}

function isFree(port) {
  return new Promise((done) => {
    const server = createServer().once('error', () => done(false));
    server.listen(port, () => server.close(() => done(true)));
  });
}
