// Stake on a live network: a fifth validator joins from nothing, delegations earn, absence is punished and forgiven, double-signing
// is punished and not forgiven, stake votes a payment; and after all of it, all money is accounted for, to the last unit.
//
// One network for all tests, in this order. The preset's rules, but for a shorter window of uptime.

import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { pair } from './lib/accounts.mjs';
import { agreeOnFinalised, FOUR, Network } from './lib/network.mjs';
import { Node, output } from './lib/node.mjs';
import { send } from './lib/send.mjs';
import { until } from './lib/until.mjs';

const MINUTES = 60_000;
const ERGN = 10n ** 12n;
const CHAIN = 'ergon_short_slots';

describe('stake', { timeout: 20 * MINUTES }, () => {
  let network;
  let api;
  let eve;
  let eveNode;
  let bob;
  let ferdie;

  const staking = () => api.call.stakingApi;
  const validator = async (who) => (await staking().validator(who.address)).unwrapOr(undefined);
  const free = async (who) => (await api.query.system.account(who.address)).data.free.toBigInt();
  const tails = () => `${network.tails()}\n--- eve\n${eveNode?.tail(8)}`;

  /** Sends a call that has to succeed. Returns its events. */
  async function ok(call, who) {
    const { events, error } = await send(call, who);
    assert.equal(error && nameOf(error), undefined);
    return events.map(({ event }) => event);
  }

  const nameOf = (error) => (error.isModule ? api.registry.findMetaError(error.asModule).name : `${error}`);

  /** Waits until `who` is in the set and keeps its ticks. */
  const works = (who, timeoutMs = 3 * MINUTES) => until(`${who.address} makes blocks`, async () => {
    const duties = (await network.nodes[0].rpc('workCredits_duties')).find(({ operator }) => operator === who.address);
    return duties && duties.owed > duties.missed && (await validator(who))?.active.isTrue && duties;
  }, { timeoutMs, everyMs: 1_000, detail: tails });

  /** Fails unless all money is what genesis had, plus what was minted, less what was burned. */
  async function issuanceHolds() {
    const at = await api.at(await api.rpc.chain.getFinalizedHead());
    const supply = await at.call.stakingApi.supply();
    const sum = (list) => list.reduce((total, part) => total + part.toBigInt(), 0n);
    assert.equal(supply.issuance.toBigInt(), supply.genesis.toBigInt() + sum(supply.minted) - sum(supply.burned));
    const accounts = await at.query.system.account.entries();
    const held = accounts.reduce((total, [, { data }]) => total + data.free.toBigInt() + data.reserved.toBigInt(), 0n);
    assert.equal(held, supply.issuance.toBigInt(), 'and it is what all accounts have');
    return supply;
  }

  before(async () => {
    await cryptoWaitReady();
    [bob, eve, ferdie] = ['bob', 'eve', 'ferdie'].map(pair);
    network = await Network.start(FOUR, 'short_slots', [], (spec) => {
      spec.genesis.runtimeGenesis.patch.validatorStaking.rules.uptimeTicks = 60;
      return spec;
    });
    api = await ApiPromise.create({ provider: new WsProvider(network.nodes[0].ws), noInitWarn: true });
  });

  after(async () => {
    await api?.disconnect();
    await eveNode?.stop();
    await network?.stop();
  });

  it('of a fifth validator, from `key setup` to blocks on everybody\'s chain', async (t) => {
    const flags = ['--validator', ...network.nodes.map(({ address }) => `--bootnodes=${address}`)];
    eveNode = await Node.create({ name: 'eve', chain: network.chain, folder: network.folder, flags });
    const place = ['--chain', network.chain, '--base-path', eveNode.folder];
    const { session } = JSON.parse(await output('key', 'setup', ...place, '--owner', eve.address, '--json'));
    await eveNode.start();
    const early = await send(api.tx(api.createType('Call', session.call)), eve);
    assert.equal(nameOf(early.error), 'NoAssociatedValidatorId', 'keys are for validators');

    const poor = api.tx.validatorStaking.register(999n * ERGN, 0, { name: 'Eve', website: '', description: '' });
    assert.equal(nameOf((await send(poor, eve)).error), 'StakeTooSmall');
    const profile = { name: 'Eve', website: 'https://eve.example', description: 'The fifth' };
    await ok(api.tx.utility.batchAll([
      api.tx.validatorStaking.register(2_000n * ERGN, 50_000_000, profile),
      api.tx(api.createType('Call', session.call)).method,
    ]), eve);
    const began = Date.now();
    await works(eve);
    t.diagnostic(`in the set, with a block, ${Math.round((Date.now() - began) / 1_000)} s after it registered`);
    const info = await validator(eve);
    assert.deepEqual([info.name.toUtf8(), info.ownStake.toBigInt(), info.commission.toNumber()], ['Eve', 2_000n * ERGN, 50_000_000]);
    await agreeOnFinalised([...network.nodes, eveNode]);
  });

  it('that is delegated earns, block by block, and is credited without a call', async () => {
    assert.equal(nameOf((await send(api.tx.delegation.bond(eve.address, 99n * ERGN, false), ferdie)).error), 'BelowMinimum');
    await ok(api.tx.delegation.bond(eve.address, 500n * ERGN, false), ferdie);
    await ok(api.tx.delegation.bond(bob.address, 300n * ERGN, true), ferdie);
    const before = await free(ferdie);
    const mine = async () => (await staking().delegations(ferdie.address)).find(({ validator: v }) => v.toString() === eve.address);
    const first = await until('a reward shows before it is credited', async () => {
      const info = await mine();
      return info.pendingReward.toBigInt() > 0n && info;
    }, { detail: tails });
    assert.equal(first.value.toBigInt(), 500n * ERGN);
    await until('it is credited', async () => await free(ferdie) > before, { timeoutMs: 2 * MINUTES, detail: tails });
    // Bob may have made his first block since an epoch later.
    await until('the other becomes stake', async () => {
      const compounding = (await staking().delegations(ferdie.address)).find(({ validator: v }) => v.toString() === bob.address);
      return compounding.value.toBigInt() > 300n * ERGN;
    }, { timeoutMs: 2 * MINUTES, detail: tails });
    const history = await staking().history(ferdie.address);
    assert.ok(history.some(({ amount }) => amount.toBigInt() > 0n), 'and both are remembered by epoch');
    await issuanceHolds();
  });

  it('is unbonded and released by the chain', async () => {
    const events = await ok(api.tx.delegation.undelegate(eve.address, 100n * ERGN), ferdie);
    const { data: { id, release } } = events.find(({ method }) => method === 'Undelegated');
    const [chunk] = await staking().unbonding(ferdie.address);
    assert.deepEqual([chunk.id.toNumber(), chunk.amount.toBigInt()], [id.toNumber(), 100n * ERGN]);
    await until('it is released', async () => (await staking().unbonding(ferdie.address)).length === 0,
      { timeoutMs: 4 * MINUTES, everyMs: 1_000, detail: tails });
    const { tick } = await network.nodes[0].rpc('workCredits_table');
    assert.ok(tick >= release.toNumber(), 'not before its time');
  });

  it('of a validator that is absent is slashed, and it comes back for a fee', async (t) => {
    const before = (await validator(eve)).ownStake.toBigInt();
    await eveNode.stop();
    const began = Date.now();
    const jailed = await until('it is jailed', async () => {
      const info = await validator(eve);
      return info.jailedUntil.isSome && info;
    }, { timeoutMs: 5 * MINUTES, everyMs: 1_000, detail: tails });
    t.diagnostic(`jailed ${Math.round((Date.now() - began) / 1_000)} s after it stopped`);
    assert.equal(jailed.ownStake.toBigInt(), before - before / 20n, '5 %');
    const others = await staking().validators();
    assert.equal(others.filter(({ jailedUntil }) => jailedUntil.isSome).length, 1, 'nobody else');
    await until('it is out of the set', async () => (await validator(eve)).active.isFalse, { timeoutMs: 2 * MINUTES, everyMs: 1_000 });
    assert.equal(nameOf((await send(api.tx.delegation.bondMore(eve.address, ERGN), ferdie)).error), 'ValidatorJailed');

    await eveNode.start();
    const { burned: [, , earlier] } = await staking().supply();
    await ok(api.tx.validatorStaking.unjail(), eve);
    const { burned: [, , later] } = await staking().supply();
    assert.equal(later.toBigInt() - earlier.toBigInt(), 1_000n * ERGN);
    await works(eve);
    await issuanceHolds();
  });

  it('of two nodes with one key is slashed, and never comes back', async () => {
    const before = await validator(eve);
    const flags = ['--validator', ...[...network.nodes, eveNode].map(({ address }) => `--bootnodes=${address}`)];
    const twin = await Node.create({ name: 'twin', chain: network.chain, folder: network.folder, flags });
    const keystore = (node) => join(node.folder, 'chains', CHAIN, 'keystore');
    cpSync(keystore(eveNode), keystore(twin), { recursive: true });
    await twin.start();
    try {
      await until('it is excluded', async () => (await validator(eve)).tombstoned.isTrue, { timeoutMs: 4 * MINUTES, detail: tails });
    } finally {
      await twin.stop();
    }
    const info = await validator(eve);
    // One of five: (3/5)² of its stake, and of its delegators' once their last rewards are added to it.
    const left = (amount) => (amount * 64n) / 100n;
    const near = (found, expected) => assert.ok(found - expected < ERGN && expected - found < ERGN, `${found}, not ${expected}`);
    near(info.ownStake.toBigInt(), left(before.ownStake.toBigInt()));
    near(info.delegated.toBigInt(), left(before.delegated.toBigInt()));
    await until('it is out of the set', async () => (await validator(eve)).active.isFalse, { timeoutMs: 2 * MINUTES, everyMs: 1_000 });
    assert.equal(nameOf((await send(api.tx.validatorStaking.unjail(), eve)).error), 'Tombstoned');
    await issuanceHolds();
  });

  it('moves away from it', async () => {
    const [{ value }] = (await staking().delegations(ferdie.address)).filter(({ validator: v }) => v.toString() === eve.address);
    await ok(api.tx.delegation.undelegateAll(eve.address), ferdie);
    const [chunk] = await staking().unbonding(ferdie.address);
    assert.ok(value.toBigInt() - chunk.amount.toBigInt() < ERGN, 'what was left of it');
  });

  it('adds up, and finality goes on', async (t) => {
    const supply = await issuanceHolds();
    const height = await agreeOnFinalised([...network.alive, eveNode]);
    t.diagnostic(`block ${height}: minted ${supply.minted}, burned ${supply.burned}`);
  });
});
