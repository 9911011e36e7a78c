#!/usr/bin/env node
// Puts validators and money into the plain spec of a preset. Called by genesis.sh, with the base on the standard input and the
// plain spec of the new network on the standard output.
//
// Owns what of the base is kept and what is replaced. All amounts are BigInt: they exceed what JSON numbers hold in JavaScript.

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { addressOf, bytesOf, Malformed } from './keys.mjs';
import { amount, balances, canStake, distribution, ERGN, inErgn, Refused, validators, withinCap } from './lists.mjs';

/** Accounts of the runtime's own pallets begin so. Nobody has their keys, and every network endows them. */
const PALLET_ACCOUNT = Buffer.from('modl');

const YEAR_MS = 365 * 24 * 3_600 * 1_000;
/** What those whose money vests can spend at once, for fees. */
const FREE = 1_000n * ERGN;

/**
 * The plain spec of a network, from that of a preset. Of the preset stay the runtime, the clock, the rules and rates and the pallets'
 * own accounts; its validators, its money and its sudo key do not, because the secrets behind them are public. `shares` are those
 * of the distribution, in addition to `money`.
 */
export function compose(base, { name, id, members, money, shares = [], sudo }) {
  const patch = base.genesis?.runtimeGenesis?.patch;
  if (!patch?.session?.keys || !patch.balances?.balances) throw new Refused('the base has no validators or no balances to replace');
  if (sudo && !patch.sudo) throw new Refused('the base has no sudo, so --sudo has nothing to set');
  const twice = shares.find(({ account }) => money.some((entry) => entry.account === account));
  if (twice) throw new Refused(`the account ${twice.account} has a share of the distribution and stands in the balances: give it one of them`);
  const listed = new Set([...money, ...shares].map(({ account }) => account));
  const own = patch.balances.balances
    .map(([account, amount]) => ({ account, amount }))
    .filter(({ account }) => isPallets(account) && !listed.has(account))
    .map(({ account, amount }) => ({ account, amount: exact(amount) }));
  const all = [...money, ...shares, ...own];
  const total = withinCap(all);
  canStake(members, all, exact(patch.validatorStaking.rules.minSelfStake));
  const genesis = structuredClone(patch);
  genesis.balances.balances = all.map(({ account, amount }) => [account, amount]);
  genesis.session.keys = members.map(({ account, aura, grandpa }) => [account, account, { aura, grandpa }]);
  genesis.validatorStaking.validators = members
    .filter(({ stake, commission }) => stake || commission)
    .map(({ account, stake, commission }) => [account, stake ?? exact(patch.validatorStaking.rules.minSelfStake), commission]);
  const blocksOf = (years) => Math.floor((years * YEAR_MS) / patch.workCredits.timing.tickMs);
  genesis.vesting = { vesting: shares.filter(({ years }) => years).map(({ account, years }) => [account, 0, blocksOf(years), FREE]) };
  delete genesis.sudo;
  if (sudo) genesis.sudo = { key: sudo };
  const runtimeGenesis = { ...base.genesis.runtimeGenesis, patch: genesis };
  return { spec: { ...base, name, id, bootNodes: [], genesis: { ...base.genesis, runtimeGenesis } }, total };
}

/** JSON with every BigInt as a number of all its digits. */
export function toJson(spec) {
  const marked = JSON.stringify(spec, (_, value) => (typeof value === 'bigint' ? `exactly:${value}` : value), 2);
  return `${marked.replace(/"exactly:(\d+)"/g, '$1')}\n`;
}

function isPallets(account) {
  return bytesOf(account).subarray(0, PALLET_ACCOUNT.length).equals(PALLET_ACCOUNT);
}

/** An amount of the base. Round ones survive the way through a floating-point number; others are refused. */
function exact(units) {
  const round = Number.isInteger(units) && (Number.isSafeInteger(units) || BigInt(units) % ERGN === 0n);
  if (!round) throw new Refused(`the base has the amount ${units}, which cannot be read exactly`);
  return BigInt(units);
}

function main() {
  const { values } = parseArgs({
    options: Object.fromEntries(['name', 'id', 'validators', 'validators-name', 'balances', 'endow', 'team', 'early', 'foundation', 'sudo'].map((name) => [name, { type: 'string' }])),
  });
  const members = validators(readFileSync(values.validators, 'utf8'), values['validators-name']);
  const money = values.balances
    ? balances(readFileSync(values.balances, 'utf8'), values.balances)
    : members.flatMap(({ account }) => (values.endow ? [{ account, amount: amount(values.endow) }] : []));
  const account = (option) => values[option] && addressOf(bytesOf(values[option]));
  const shares = distribution({ team: account('team'), early: account('early'), foundation: account('foundation') });
  const sudo = account('sudo');
  const base = JSON.parse(readFileSync(0, 'utf8'));
  const { spec, total } = compose(base, { name: values.name, id: values.id, members, money, shares, sudo });
  process.stdout.write(toJson(spec));
  process.stderr.write(`validators: ${members.length}, ERGN: ${inErgn(total)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main();
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Malformed)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
