// Reads the lists that a genesis is made from: validators with their keys, and accounts with their money. Refuses whatever could
// not be what its writer meant, with the line it stands in.

import { addressOf, bytesOf, keyOf, Malformed } from './keys.mjs';

/** Smallest units of one ERGN. */
export const ERGN = 10n ** 12n;
const DECIMALS = 12;
/** All ERGN there may ever be, in the smallest unit. */
export const CAP = 1_000_000_000n * ERGN;
/** The least that keeps an account alive. */
export const EXISTENTIAL_DEPOSIT = ERGN / 1_000n;
export const MAX_VALIDATORS = 100;

/** A list that cannot be used. The message is one line. */
export class Refused extends Error {}

/**
 * Validators of a list: {account, aura, grandpa, stake, commission}, by account: three addresses, the smallest unit or undefined, and
 * parts of a billion. A line is: account, block key, vote key, and perhaps stake in ERGN and commission in percent.
 */
export function validators(text, name) {
  const owners = new Once('account');
  // The same bytes as both kinds of key would be a line copied wrongly: no secret gives one for both.
  const keys = new Once('key');
  const what = 'an account, an aura key and a grandpa key, and perhaps a stake in ERGN and a commission in percent';
  const list = rows(text, name, [3, 4, 5], what).map(({ fields, where }) => ({
    account: owners.add(read(where, () => bytesOf(fields[0])), where),
    aura: keys.add(read(where, () => keyOf('sr25519', fields[1]), 'aura'), where),
    grandpa: keys.add(read(where, () => keyOf('ed25519', fields[2]), 'grandpa'), where),
    stake: fields[3] && read(where, () => amount(fields[3]), 'stake'),
    commission: read(where, () => commission(fields[4] ?? '0'), 'commission'),
  }));
  if (list.length === 0) throw new Refused(`${name} names no validator: give at least one`);
  if (list.length > MAX_VALIDATORS) {
    throw new Refused(`${name} names ${list.length} validators: a network can have at most ${MAX_VALIDATORS}`);
  }
  return list.sort(byAccount);
}

/** Balances of a list: {account, amount} in the smallest unit, by account. A line is: account, amount in ERGN. */
export function balances(text, name) {
  const owners = new Once('account');
  return rows(text, name, [2], 'an account and an amount in ERGN').map(({ fields, where }) => ({
    account: owners.add(read(where, () => bytesOf(fields[0])), where),
    amount: read(where, () => amount(fields[1])),
  })).sort(byAccount);
}

/**
 * The shares of the specification: {account, amount, years} of team, early backers and foundation, as far as they are named; `years`
 * is how long they vest.
 */
export function distribution({ team, early, foundation }) {
  const share = (account, percent, years) => (account ? [{ account, amount: (CAP / 100n) * percent, years }] : []);
  return [...share(team, 20n, 4), ...share(early, 10n, 2), ...share(foundation, 20n, 0)];
}

/** Fails unless each of `members` can stake what it shall, of `money`. `least` is what whoever names no stake has. */
export function canStake(members, money, least) {
  const has = new Map(money.map(({ account, amount: units }) => [account, units]));
  for (const { account, stake = least } of members) {
    if (stake < least) throw new Refused(`validator ${account} stakes ${inErgn(stake)} ERGN: it must be at least ${inErgn(least)}`);
    const needs = stake + EXISTENTIAL_DEPOSIT;
    if ((has.get(account) ?? 0n) < needs) {
      throw new Refused(`validator ${account} has ${inErgn(has.get(account) ?? 0n)} ERGN and needs ${inErgn(needs)} for its stake: give it more in --balances`);
    }
  }
}

/** Fails if the money of `list` is more than there may ever be. */
export function withinCap(list) {
  const sum = list.reduce((total, entry) => total + entry.amount, 0n);
  if (sum > CAP) throw new Refused(`the balances sum up to ${inErgn(sum)} ERGN: there may be at most ${inErgn(CAP)}`);
  return sum;
}

/** An amount of ERGN as people write it, in the smallest unit. Exact: it never passes through a floating-point number. */
export function amount(text) {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Malformed(`'${text}' is no amount of ERGN: write digits, with a point before the fraction`);
  if (fraction.length > DECIMALS) throw new Malformed(`'${text}' has more than ${DECIMALS} decimals`);
  const units = BigInt(whole) * ERGN + BigInt(fraction.padEnd(DECIMALS, '0'));
  if (units < EXISTENTIAL_DEPOSIT) throw new Malformed(`'${text}' is less than the ${inErgn(EXISTENTIAL_DEPOSIT)} ERGN that an account must have`);
  return units;
}

/** A commission in percent as people write it, in parts of a billion. */
function commission(text) {
  const [, whole, fraction = ''] = /^(\d{1,3})(?:\.(\d{1,7}))?$/.exec(text) ?? [];
  const parts = Number(whole) * 10_000_000 + Number(fraction.padEnd(7, '0'));
  if (whole === undefined || parts > 1_000_000_000) throw new Malformed(`'${text}' is no percentage: write 0 to 100, with up to 7 decimals`);
  return parts;
}

/** The smallest unit as ERGN. */
export function inErgn(units) {
  const fraction = String(units % ERGN).padStart(DECIMALS, '0').replace(/0+$/, '');
  return `${units / ERGN}${fraction && `.${fraction}`}`;
}

/** Lines that are neither empty nor a comment, in fields. */
function rows(text, name, widths, what) {
  return text.split('\n').flatMap((line, index) => {
    const fields = line.replace(/#.*/, '').split(/\s+/).filter((field) => field);
    if (fields.length === 0) return [];
    const where = `${name}:${index + 1}`;
    if (!widths.includes(fields.length)) throw new Refused(`${where}: a line is ${what}, this one has ${fields.length} fields`);
    return [{ fields, where }];
  });
}

/** What `reader` returns. What is malformed is refused with its place. */
function read(where, reader, what) {
  try {
    return reader();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Refused(`${where}: ${what ? `${what}: ` : ''}${error.message}`);
  }
}

/** Takes each of 32 bytes once, and gives their address. */
class Once {
  constructor(what) { Object.assign(this, { what, seen: new Map() }); }

  add(bytes, where) {
    const address = addressOf(bytes);
    const before = this.seen.get(address);
    if (before) throw new Refused(`${where}: the ${this.what} ${address} is there already, at ${before}`);
    this.seen.set(address, where);
    return address;
  }
}

// By bytes or by letters makes no difference to anybody, as long as it is always the same.
function byAccount(one, other) { return one.account < other.account ? -1 : 1; }
