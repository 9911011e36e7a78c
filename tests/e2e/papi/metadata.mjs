// What somebody who signs without a network works from: the metadata in a runtime, and the digest of it that the runtime knows too
// (RFC-78).

import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { getMetadataFromRuntime } from '@polkadot-api/wasm-executor/node';
import { compactStripLength, hexToU8a, u8aToHex } from '@polkadot/util';

/** Metadata of a runtime, which is executed here: hexadecimal in, hexadecimal out. */
export function metadataOf(code) {
  const [, metadata] = compactStripLength(hexToU8a(getMetadataFromRuntime(code)));
  return u8aToHex(metadata);
}

/** Digest of metadata, together with the token that the signer was told of. */
export function digest(metadata, token) {
  return u8aToHex(merkleizeMetadata(metadata, token).digest());
}
