// What a validator and its delegators earn: the arithmetic of pallets/supply and pallets/staking, in numbers of ERGN. Pure.

export const YEAR_S = 365 * 24 * 3_600;

/** Annual rate of `year`, counted from 0, as a share: `first` less `step` a year, at least `floor`. */
export const rateOf = ({ first, step, floor }, year) => Math.max(first - step * year, floor);

/**
 * What a block earns its author and those who stake with it. `reward` is {fixed} in ERGN or {first, step, floor} as
 * shares of the active stake a year; the share `workers` of it is kept for workers.
 */
export function blockReward({ reward, workers, tickSeconds, activeStake, year }) {
  const whole = reward.fixed ?? (activeStake * rateOf(reward, year) * tickSeconds) / YEAR_S;
  return whole * (1 - workers);
}

/**
 * A year of a validator in a set of `validators`, each of which owns as many ticks: {blocks, rewards, commission, own, delegators,
 * validatorRoi, delegatorRoi, profit}. Everybody in the set makes as many blocks, whatever its stake; `uptime` is the share of its
 * ticks that it makes.
 */
export function year(plan) {
  const { ownStake, delegated, commission, validators, uptime, tickSeconds, feesPerBlock, costs } = plan;
  const blocks = (YEAR_S / tickSeconds / validators) * uptime;
  const rewards = blocks * (blockReward(plan) + feesPerBlock);
  const stake = ownStake + delegated;
  const fee = delegated > 0 ? rewards * commission : 0;
  const rest = rewards - fee;
  const delegators = stake > 0 ? (rest * delegated) / stake : 0;
  const own = rest - delegators;
  return {
    blocks,
    rewards,
    commission: fee,
    own,
    delegators,
    profit: fee + own - costs,
    validatorRoi: ownStake > 0 ? (fee + own - costs) / ownStake : 0,
    delegatorRoi: delegated > 0 ? delegators / delegated : 0,
  };
}

/** Stake that absence costs: the first, the second and the third jailing, of own and delegated stake. */
export const strikes = ({ ownStake, delegated }) => [
  { own: ownStake * 0.05, delegated: delegated * 0.05 },
  { own: ownStake * 0.1, delegated: delegated * 0.1 },
  { own: ownStake, delegated: delegated * 0.1 },
];
