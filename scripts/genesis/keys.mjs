// Reads addresses and public keys, as SS58 or hex, and tells whether one can be a key of its kind at all.
//
// Nothing beyond Node.js is needed, so that a genesis can be made without the packages of the tests.

import { createHash } from 'node:crypto';

/** SS58 prefix of Ergon's addresses. */
export const PREFIX = 42;
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LENGTH = 32;
const CHECKSUM = 2;

/** Why something is no address or no key. The message goes to whoever wrote it. */
export class Malformed extends Error {}

/** 32 bytes of an address, or of a public key in its place. */
export function bytesOf(text) {
  if (text.startsWith('0x')) {
    if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw new Malformed(`'${text}' is not 0x and 64 hex digits`);
    return Buffer.from(text.slice(2), 'hex');
  }
  const all = fromBase58(text);
  if (all?.length > LENGTH + CHECKSUM && checksum(all.subarray(0, -CHECKSUM)).equals(all.subarray(-CHECKSUM))) {
    if (all.length !== 1 + LENGTH + CHECKSUM || all[0] !== PREFIX) {
      throw new Malformed(`'${text}' is an address of another network: Ergon's have the prefix ${PREFIX} and begin with 5`);
    }
    return all.subarray(1, 1 + LENGTH);
  }
  throw new Malformed(`'${text}' is neither an address (SS58; mistyped?) nor 0x and 64 hex digits`);
}

/** 32 bytes of a public key of `kind`, 'sr25519' or 'ed25519'. */
export function keyOf(kind, text) {
  const bytes = bytesOf(text);
  if (!canBe[kind](bytes)) throw new Malformed(`'${text}' is no ${kind} key: nobody can hold its secret`);
  return bytes;
}

/** The address of 32 bytes. */
export function addressOf(bytes) {
  const body = Buffer.concat([Buffer.from([PREFIX]), bytes]);
  let number = BigInt(`0x${Buffer.concat([body, checksum(body)]).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  return text;
}

const checksum = (body) => createHash('blake2b512').update('SS58PRE').update(body).digest().subarray(0, CHECKSUM);

/** Bytes of a base-58 text, or null. */
function fromBase58(text) {
  let number = 0n;
  const zeros = /^1*/.exec(text)[0].length;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    number = number * 58n + BigInt(value);
  }
  const hex = number.toString(16);
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')]);
}

// Both kinds are points of Curve25519, written differently: about one in sixteen keys of one kind can also be read as the other.
// So keys in the wrong order are found with near certainty, as are random bytes.

const P = 2n ** 255n - 19n;
const mod = (a) => ((a % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = b * b % P) {
    if (e & 1n) result = result * b % P;
  }
  return result;
}

const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));
const SQRT_M1 = power(2n, (P - 1n) / 4n);

/** A square root that is "non-negative" (even), or null. */
function root(a) {
  let r = power(a, (P + 3n) / 8n);
  if (r * r % P !== mod(a)) r = r * SQRT_M1 % P;
  if (r * r % P !== mod(a)) return null;
  return r & 1n ? P - r : r;
}

const fromLittleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

const canBe = {
  /** RFC 9496, 4.3.1: decoding a Ristretto point. Zero is the neutral element, which is nobody's key. */
  sr25519(bytes) {
    const s = fromLittleEndian(bytes);
    if (s === 0n || s >= P || s & 1n) return false;
    const ss = s * s % P;
    const u1 = mod(1n - ss);
    const u2 = mod(1n + ss);
    const v = mod(-D * u1 % P * u1 - u2 * u2);
    const inverseRoot = root(inverse(v * u2 % P * u2 % P));
    if (inverseRoot === null) return false;
    const denominatorX = inverseRoot * u2 % P;
    const denominatorY = inverseRoot * denominatorX % P * v % P;
    let x = 2n * s * denominatorX % P;
    if (x & 1n) x = P - x;
    const y = u1 * denominatorY % P;
    return (x * y % P & 1n) === 0n && y !== 0n;
  },

  /** RFC 8032, 5.1.3: decoding a point. The top bit is the sign of x. Points of small order are nobody's key. */
  ed25519(bytes) {
    const y = fromLittleEndian(bytes) & (2n ** 255n - 1n);
    if (y >= P || SMALL_ORDER.has(y)) return false;
    return root((y * y - 1n) * inverse(D * y * y + 1n)) !== null;
  },
};

/** y of the points that a key of nothing but zeros, or a slip like it, would be. */
const SMALL_ORDER = new Set([0n, 1n, P - 1n]);
