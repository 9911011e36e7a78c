// Sends a transaction and waits until it is final.

/** {events, error, block} of a transaction. `error` is set if it was included and failed; rejects if it was not included. */
export function send(transaction, signer, options = {}) {
  return new Promise((done, failed) => {
    transaction.signAndSend(signer, { nonce: -1, ...options }, ({ status, events, dispatchError, isError }) => {
      if (status.isFinalized) done({ events, error: dispatchError, block: status.asFinalized.toHex() });
      else if (isError) failed(new Error(`the transaction ended as ${status.type}`));
    }).catch(failed);
  });
}
