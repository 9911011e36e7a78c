// One WebSocket to a node's RPC port: calls, batches, raw text. Owns the connection and what comes back on it.

import WebSocket from 'ws';
import { RpcError } from '../../../scripts/live/rpc.mjs';

const TIMEOUT_MS = 20_000;

export class Socket {
  /** Connects. Fails with the server's status, for example `Unexpected server response: 429`, if it does not want to. */
  static open(url, options = {}) {
    return new Promise((done, failed) => {
      const socket = new WebSocket(url, { maxPayload: 64 * 1024 * 1024, ...options });
      socket.once('error', failed);
      socket.once('open', () => done(new Socket(socket)));
    });
  }

  constructor(socket) {
    Object.assign(this, { socket, waiting: new Map(), nextId: 1 });
    socket.on('message', (text) => {
      const reply = JSON.parse(text);
      // A batch is answered as a list, by the id of its first call; what the server cannot read, without an id.
      const id = Array.isArray(reply) ? reply[0].id : reply.id;
      this.waiting.get(id)?.done(reply);
    });
    socket.on('error', (error) => this.end(error));
    socket.on('close', () => this.end(new Error('the connection was closed')));
  }

  end(error) {
    for (const { failed } of this.waiting.values()) failed(error);
  }

  /** Sends `text` and resolves with the message that answers `id`. */
  raw(text, id) {
    return new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
      const settle = (how) => (value) => {
        clearTimeout(late);
        this.waiting.delete(id);
        how(value);
      };
      this.waiting.set(id, { done: settle(done), failed: settle(failed) });
      this.socket.send(text);
    });
  }

  async call(method, ...params) {
    const id = this.nextId++;
    const reply = await this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }), id);
    if (reply.error) throw new RpcError(method, reply.error);
    return reply.result;
  }

  async close() {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    await new Promise((done) => {
      this.socket.once('close', done);
      this.socket.terminate();
    });
  }
}
