// A program of somebody who builds on Ergon with polkadot-api (PAPI) and the descriptors generated from the runtime. The test beside
// it compiles it with every check on, so a call or an answer that the descriptors do not know as it is written here is an error.

import { createClient, type PolkadotSigner, type SS58String } from 'polkadot-api';
import { getPolkadotSigner, withMetadataHash } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { ergon, MultiAddress } from './descriptors/dist/index.js';

interface Pair {
  publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

/** Signs with `pair`; for a token with these properties and for no other, if they are given. */
export function signer(pair: Pair, token?: { decimals: number; tokenSymbol: string }): PolkadotSigner {
  const base = getPolkadotSigner(pair.publicKey, 'Sr25519', (bytes) => pair.sign(bytes));
  return token ? withMetadataHash(token, base) : base;
}

export class Client {
  private readonly client;
  private readonly api;

  constructor(url: string, websocketClass: typeof WebSocket) {
    this.client = createClient(getWsProvider(url, { websocketClass }));
    this.api = this.client.getTypedApi(ergon);
  }

  close() { this.client.destroy(); }

  /** What a transfer did, once it is final. */
  async transfer(from: PolkadotSigner, to: SS58String, amount: bigint) {
    const call = this.api.tx.Balances.transfer_keep_alive({ dest: MultiAddress.Id(to), value: amount });
    const { ok, block, events } = await call.signAndSubmit(from);
    const [transfer] = this.api.event.Balances.Transfer.filter(events);
    const [paid] = this.api.event.TransactionPayment.TransactionFeePaid.filter(events);
    return { ok, block, transfer: transfer?.payload, fee: paid?.payload.actual_fee };
  }

  async free(account: SS58String, at?: string): Promise<bigint> {
    return (await this.api.query.System.Account.getValue(account, { at })).data.free;
  }

  existentialDeposit(): Promise<bigint> { return this.api.constants.Balances.ExistentialDeposit(); }

  /** The schedule at a block: by runtime API, by view function and from the storage. */
  async schedule(at: string) {
    const calls = this.api.apis.WorkCreditsApi;
    const table = await calls.schedule({ at });
    return {
      table,
      timing: await calls.timing({ at }),
      record: await calls.slot_record(table.slot, { at }),
      records: await calls.slot_records(table.slot, 2, { at }),
      nextSlots: await calls.next_slots({ at }),
      duties: await calls.duties({ at }),
      owner: await this.api.view.WorkCredits.owner_of_tick(table.tick, { at }),
      stored: {
        clock: await this.api.query.WorkCredits.Clock.getValue({ at }),
        table: await this.api.query.WorkCredits.Table.getValue({ at }),
        duties: await this.api.query.WorkCredits.DutiesOf.getEntries({ at }),
      },
    };
  }

  /** Never called: each line is a mistake, and the compiler is to say so. */
  mistakes(to: SS58String) {
    // @ts-expect-error An amount is a bigint.
    this.api.tx.Balances.transfer_keep_alive({ dest: MultiAddress.Id(to), value: 1 });
    // @ts-expect-error The receiver is missing.
    this.api.tx.Balances.transfer_keep_alive({ value: 1n });
    // @ts-expect-error There is no such call.
    this.api.tx.WorkCredits.elect_me({});
    // @ts-expect-error A slot's number is a bigint.
    this.api.apis.WorkCreditsApi.slot_record('next');
  }
}
