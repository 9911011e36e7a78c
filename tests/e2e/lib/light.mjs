// A chain in smoldot, an unmodified light client, spoken to over JSON-RPC.

/** A chain that a client has added, with answers and notifications told apart. */
export class Light {
  constructor(chain) {
    Object.assign(this, { chain, calls: new Map(), heads: [], nextId: 1 });
    this.reading = this.read();
  }

  async read() {
    try {
      for await (const text of this.chain.jsonRpcResponses) {
        const message = JSON.parse(text);
        if (message.params) this.heads.push(message.params.result);
        else this.calls.get(message.id)?.(message);
      }
    } catch {
      // The client was ended.
    }
  }

  async rpc(method, ...params) {
    const id = this.nextId++;
    const answer = new Promise((done) => { this.calls.set(id, done); });
    this.chain.sendJsonRpc(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const { result, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}
