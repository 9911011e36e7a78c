#!/usr/bin/env node
// A calculator for validators: what a year earns, for whom, and what faults cost. The arithmetic is in economics/model.mjs.

import { blockReward, strikes, year } from './economics/model.mjs';

const HELP = `Usage: ./scripts/economics.mjs [option=value ...]

What a year of a validator earns, with everything else as it is. Amounts are in ERGN, shares in percent.

  network=NAME        testnet (default): 10 ERGN a block, 90 % of fees to the author
                      mainnet: 12 % of the active stake a year, 2 points less each year, 4 % at least; half of fees to stakers
  own=AMOUNT          the validator's own stake (10000)
  delegated=AMOUNT    what others delegate to it (0)
  commission=PERCENT  share of rewards that it keeps first (5)
  validators=N        validators in the set (100)
  active=AMOUNT       all stake in the set (1000000); only a rate depends on it
  uptime=PERCENT      share of its ticks that it makes a block in (99)
  fees=AMOUNT         its part of the fees of a block (0)
  costs=AMOUNT        what running it costs a year (0)
  year=N              year of the network, from 1 (1); only a rate depends on it
  tick=SECONDS        length of a tick (5)
  --help              this text

Example: ./scripts/economics.mjs network=mainnet own=20000 delegated=180000 active=20000000 commission=5
`;

const NETWORKS = {
  testnet: { reward: { fixed: 10 }, workers: 0.3 },
  mainnet: { reward: { first: 0.12, step: 0.02, floor: 0.04 }, workers: 0.3 },
};
const DEFAULTS = {
  network: 'testnet', own: 10_000, delegated: 0, commission: 5, validators: 100, active: 1_000_000, uptime: 99, fees: 0, costs: 0, year: 1, tick: 5,
};
const PERCENTAGES = ['commission', 'uptime'];
const ABOVE_ZERO = ['validators', 'year', 'tick'];

function fail(message) {
  process.stderr.write(`error: ${message}\n  ./scripts/economics.mjs --help lists what it knows\n`);
  process.exit(1);
}

/** The options, or an error in one line. */
function parse(words) {
  const options = { ...DEFAULTS };
  for (const word of words) {
    const [name, text, ...rest] = word.split('=');
    if (!(name in DEFAULTS) || text === undefined || rest.length) fail(`it does not know '${word}'`);
    if (name === 'network') {
      if (!(text in NETWORKS)) fail(`there is no network '${text}': ${Object.keys(NETWORKS).join(', ')}`);
      options.network = text;
      continue;
    }
    const value = Number(text);
    if (text === '' || !Number.isFinite(value) || value < 0) fail(`${name}=${text} is no number from 0 on`);
    if (PERCENTAGES.includes(name) && value > 100) fail(`${name}=${text} is above 100 %`);
    if (ABOVE_ZERO.includes(name) && value === 0) fail(`${name} must be above 0`);
    options[name] = value;
  }
  return options;
}

const ergn = (value) => value.toLocaleString('en', { maximumFractionDigits: 2, minimumFractionDigits: 2 }).padStart(16);
const percent = (share) => `${(share * 100).toFixed(2)} %`.padStart(12);

function main(words) {
  if (words.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(HELP);
    return;
  }
  const options = parse(words);
  const plan = {
    ...NETWORKS[options.network],
    ownStake: options.own,
    delegated: options.delegated,
    commission: options.commission / 100,
    validators: options.validators,
    activeStake: options.active,
    uptime: options.uptime / 100,
    feesPerBlock: options.fees,
    costs: options.costs,
    year: options.year - 1,
    tickSeconds: options.tick,
  };
  const result = year(plan);
  const lines = [
    ['a block earns', ergn(blockReward(plan) + options.fees)],
    ['blocks', ergn(result.blocks)],
    ['rewards of the year', ergn(result.rewards)],
    ['  commission', ergn(result.commission)],
    ['  on own stake', ergn(result.own)],
    ['  for delegators', ergn(result.delegators)],
    ['costs', ergn(options.costs)],
    ['profit of the validator', `${ergn(result.profit)}${percent(result.validatorRoi)} of its stake`],
    ['return of its delegators', `${ergn(result.delegators)}${percent(result.delegatorRoi)} of theirs`],
  ];
  const names = ['first jailing', 'second jailing', 'third within 90 days'];
  strikes(plan).forEach(({ own, delegated }, i) => lines.push([`${names[i]} costs`, `${ergn(own)} and delegators${ergn(delegated)}`]));
  for (const [name, value] of lines) process.stdout.write(`${name.padEnd(28)}${value}\n`);
}

main(process.argv.slice(2));
