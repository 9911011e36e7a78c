// JSON-RPC over HTTP to one of several nodes of a network. Owns which node is asked: when one does not answer, the next is.
//
// HTTP and not WebSocket: it needs nothing beyond Node.js 18, and a request that fails is simply made again elsewhere.

const TIMEOUT_MS = 8_000;

/** The node answered, and its answer is an error. */
export class RpcError extends Error {
  constructor(method, { code, message, data }) {
    super(`${method}: ${message}${data ? ` (${typeof data === 'string' ? data : JSON.stringify(data)})` : ''}`);
    this.code = code;
  }
}

/** No node answered. */
export class Unreachable extends Error {}

/** Asks the node at `url` once. */
export async function request(url, method, params = []) {
  let reply;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    reply = await response.json();
  } catch (error) {
    throw new Unreachable(`${url}: ${error.cause?.code ?? error.message}`);
  }
  if (reply.error) throw new RpcError(method, reply.error);
  return reply.result;
}

/** Several nodes of one network, asked as if they were one. */
export class Network {
  /** `onSwitch(from, to)` is told when another node takes over. */
  constructor(urls, onSwitch = () => {}) {
    this.urls = urls;
    this.onSwitch = onSwitch;
    this.current = 0;
  }

  async call(method, ...params) {
    let failure;
    for (let tried = 0; tried < this.urls.length; tried += 1) {
      const index = (this.current + tried) % this.urls.length;
      try {
        const result = await request(this.urls[index], method, params);
        if (index !== this.current) {
          this.onSwitch(this.urls[this.current], this.urls[index]);
          this.current = index;
        }
        return result;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        failure = error;
      }
    }
    throw failure;
  }
}
