// Sends a transaction and waits until it is final, or in a block if nothing becomes final.

/** {events, error, block} of a transaction. `error` is set if it was included and failed; rejects if it was not included. */
export function send(transaction, signer, options = {}) {
  return follow(transaction, signer, options, (status) => status.isFinalized && status.asFinalized);
}

/** The same as soon as it is in a block, which can still be replaced by another. */
export function include(transaction, signer, options = {}) {
  return follow(transaction, signer, options, (status) => status.isInBlock && status.asInBlock);
}

function follow(transaction, signer, options, reached) {
  return new Promise((done, failed) => {
    let stop = () => {};
    transaction.signAndSend(signer, { nonce: -1, ...options }, ({ status, events, dispatchError, isError }) => {
      const block = reached(status);
      if (block) {
        done({ events, error: dispatchError, block: block.toHex() });
        stop();
      } else if (isError) failed(new Error(`the transaction ended as ${status.type}`));
    }).then((unsubscribe) => { stop = unsubscribe; }, failed);
  });
}
