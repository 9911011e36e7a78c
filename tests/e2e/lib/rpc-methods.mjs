// What the RPC port offers, judged: which methods a stranger may call, and a call of each that makes sense.
//
// A method that appears or goes with a new SDK must be put here before the tests pass again.

const NOWHERE = `0x${'22'.repeat(32)}`;
const NOBODY = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
const CODE = '0x3a636f6465';
// Prefix of a child trie's name.
const CHILD = '0x3a6368696c645f73746f726167653a64656661756c743a00';

/** Methods for the operator alone, by what they could do: keys, the node's own storage and logs, peers, unbounded work. */
export const unsafe = ({ finalised }) => ({
  author_hasKey: [NOWHERE, 'aura'],
  author_hasSessionKeys: [NOWHERE],
  author_insertKey: ['aura', '//E2e-inserted', NOWHERE],
  author_removeExtrinsic: [[]],
  author_rotateKeys: [],
  author_rotateKeysWithOwner: ['0x00'],
  offchain_localStorageClear: ['PERSISTENT', '0x00'],
  offchain_localStorageGet: ['PERSISTENT', '0x00'],
  offchain_localStorageSet: ['PERSISTENT', '0x00', '0x00'],
  state_callRecorded: ['Core_version', '0x', finalised],
  state_getPairs: ['0x'],
  state_queryStorage: [[CODE], finalised],
  state_traceBlock: [finalised, null, null, null],
  system_addLogFilter: ['rpc=info'],
  system_addReservedPeer: [`/ip4/127.0.0.1/tcp/1/p2p/${NOBODY}`],
  system_dryRun: ['0x00'],
  system_dryRunAt: ['0x00', finalised],
  system_peers: [],
  system_removeReservedPeer: [NOBODY],
  system_resetLogFilter: [],
  system_unstable_networkState: [],
});

/** Methods for everybody. `refuses` is the answer where a node without a use for the question has to say no. */
export const safe = ({ account, follow, transaction }) => {
  const plain = [
    'author_pendingExtrinsics', 'chainSpec_v1_chainName', 'chainSpec_v1_genesisHash', 'chainSpec_v1_properties',
    'chain_getBlock', 'chain_getBlockHash', 'chain_getFinalisedHead', 'chain_getFinalizedHead', 'chain_getHead',
    'chain_getHeader', 'chain_getRuntimeVersion', 'grandpa_roundState', 'rpc_methods', 'state_getMetadata',
    'state_getRuntimeVersion', 'system_chain', 'system_chainType', 'system_health', 'system_localListenAddresses',
    'system_localPeerId', 'system_name', 'system_nodeRoles', 'system_properties', 'system_reservedPeers',
    'system_syncState', 'system_version', 'workCredits_duties', 'workCredits_nextSlots', 'workCredits_table',
    'workCredits_tally', 'workCredits_timing',
  ];
  const named = ['account_nextIndex', 'system_accountNextIndex'];
  const ofCode = ['Storage', 'StorageAt', 'StorageHash', 'StorageHashAt', 'StorageSize', 'StorageSizeAt'];
  const ofChild = ['Keys', 'Storage', 'StorageHash', 'StorageSize'];
  const calls = {
    ...Object.fromEntries(plain.map((method) => [method, []])),
    ...Object.fromEntries(named.map((method) => [method, [account]])),
    ...Object.fromEntries(ofCode.map((what) => [`state_get${what}`, [CODE]])),
    ...Object.fromEntries(ofChild.map((what) => [`childstate_get${what}`, [CHILD, '0x00']])),
    author_submitExtrinsic: [transaction(0)],
    chainHead_v1_body: follow,
    chainHead_v1_call: [...follow, 'Core_version', '0x'],
    chainHead_v1_continue: [follow[0], 'none'],
    chainHead_v1_header: follow,
    chainHead_v1_stopOperation: [follow[0], 'none'],
    chainHead_v1_storage: [...follow, [{ key: CODE, type: 'hash' }]],
    chainHead_v1_unpin: follow,
    childstate_getKeysPaged: [CHILD, '0x', 10],
    childstate_getKeysPagedAt: [CHILD, '0x', 10],
    childstate_getStorageEntries: [CHILD, ['0x00']],
    payment_queryFeeDetails: [transaction(0)],
    payment_queryInfo: [transaction(0)],
    state_call: ['Core_version', '0x'],
    state_callAt: ['Core_version', '0x'],
    state_getChildReadProof: [CHILD, ['0x00']],
    state_getKeys: ['0x'],
    state_getKeysPaged: ['0x', 10],
    state_getKeysPagedAt: ['0x', 10],
    state_getReadProof: [[CODE]],
    state_queryStorageAt: [[CODE]],
    transaction_v1_broadcast: [transaction(1)],
    workCredits_leader: [1],
    workCredits_slots: [1, 1],
  };
  const refused = {
    bitswap_v1_get: { params: ['bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'], refuses: /not found/i },
    // The authority set changed for the first time later than block 1, or never.
    grandpa_proveFinality: { params: [4_000_000_000], refuses: /not been finalized|not yet|not covered/i },
    ...Object.fromEntries(['answer', 'pledge', 'redeem'].map((what) => [`workOrders_${what}`, { params: ['0x00'], refuses: /not SCALE of it/ }])),
    transaction_v1_stop: { params: ['none'], refuses: /Invalid operation id/ },
  };
  return { ...Object.fromEntries(Object.entries(calls).map(([method, params]) => [method, { params }])), ...refused };
};

/** Subscriptions, each with what ends it. */
export const subscriptions = ({ transaction }) => [
  ['author_submitAndWatchExtrinsic', 'author_unwatchExtrinsic', [transaction(2)]],
  ['chainHead_v1_follow', 'chainHead_v1_unfollow', [false]],
  ['chain_subscribeAllHeads', 'chain_unsubscribeAllHeads', []],
  ['chain_subscribeFinalisedHeads', 'chain_unsubscribeFinalisedHeads', []],
  ['chain_subscribeFinalizedHeads', 'chain_unsubscribeFinalizedHeads', []],
  ['chain_subscribeNewHead', 'chain_unsubscribeNewHead', []],
  ['chain_subscribeNewHeads', 'chain_unsubscribeNewHeads', []],
  ['chain_subscribeRuntimeVersion', 'chain_unsubscribeRuntimeVersion', []],
  ['grandpa_subscribeJustifications', 'grandpa_unsubscribeJustifications', []],
  ['state_subscribeRuntimeVersion', 'state_unsubscribeRuntimeVersion', []],
  ['state_subscribeStorage', 'state_unsubscribeStorage', [[CODE]]],
  ['subscribe_newHead', 'unsubscribe_newHead', []],
  ['transactionWatch_v1_submitAndWatch', 'transactionWatch_v1_unwatch', [transaction(3)]],
];

/** Parameters that no method is made for. */
export const NONSENSE = [
  [], [null], [[]], [{}], [true], [-1], [2 ** 53], [''], ['0x'], ['0xzz'], ['🧨'], ['x'.repeat(10_000)],
  [NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE], [[[[[[[[]]]]]]]], [4_294_967_295, 4_294_967_295],
];
