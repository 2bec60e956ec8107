import { encodeBase64Url } from '@mediaflow/shared/signed';

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Parts = readonly [header: string, payload: string, signature: string];

/** What an attacker has: tokens that were good for something else, and the public key. */
export interface Loot {
  readonly tokens: readonly string[];
  readonly publicKey: string;
}

interface Dice {
  readonly upTo: (end: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
}

type Mutation = (parts: Parts, dice: Dice, loot: Loot) => string;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const encode = (text: string): string => encodeBase64Url(new TextEncoder().encode(text));
const decode = (text: string): string => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
const split = (token: string): Parts => token.split('.') as unknown as Parts;
const join = (parts: Parts): string => parts.join('.');
const splice = (text: string, at: number, removed: number, added: string): string => text.slice(0, at) + added + text.slice(at + removed);

/** Rewrites header or payload as text and leaves the signature as it was. */
const rewrite =
  (index: 0 | 1, change: (json: string, dice: Dice) => string): Mutation =>
  (parts, dice) =>
    join(parts.with(index, encode(change(decode(parts[index]), dice))) as unknown as Parts);

const member = (json: string, dice: Dice, text: string): string =>
  dice.upTo(2) === 0 ? json.replace('{', `{${text},`) : json.replace(/\}$/, `,${text}}`);

const MUTATIONS: readonly Mutation[] = [
  // Characters: one bit, one digit, one more, one less, two swapped, a stretch lost or doubled.
  (parts, { upTo }) => {
    const token = join(parts);
    const at = upTo(token.length);
    return splice(token, at, 1, String.fromCharCode(token.charCodeAt(at) ^ (1 << upTo(7))));
  },
  (parts, { upTo, pick }) => splice(join(parts), upTo(join(parts).length), 1, pick([...ALPHABET])),
  (parts, { upTo, pick }) => splice(join(parts), upTo(join(parts).length + 1), 0, pick([...ALPHABET, '.', '=', '%', ' ', '\n', '\0', 'é'])),
  (parts, { upTo }) => splice(join(parts), upTo(join(parts).length), 1 + upTo(3), ''),
  (parts, { upTo }) => {
    const token = join(parts);
    const at = upTo(token.length - 1);
    return splice(token, at, 2, token.charAt(at + 1) + token.charAt(at));
  },
  (parts, { upTo }) => join(parts).slice(0, upTo(join(parts).length)),
  (parts, { upTo }) => {
    const token = join(parts);
    const at = upTo(token.length);
    return splice(token, at, 0, token.slice(at, at + 1 + upTo(40)));
  },
  // Parts of good tokens in another order, or of several tokens.
  (parts, { upTo, pick }, { tokens }) => join(parts.with(upTo(3), split(pick(tokens))[upTo(3)] ?? '') as unknown as Parts),
  (parts, { pick }, { tokens }) =>
    pick([
      parts.toReversed(),
      [parts[1], parts[0], parts[2]],
      [...parts, parts[2]],
      parts.slice(1),
      [...parts, ...split(pick(tokens))],
    ]).join('.'),
  // The same bytes in other digits: padding, the usual base64, the unused bits of a last digit.
  (parts, { upTo, pick }) => {
    const index = upTo(3);
    const part = parts[index] ?? '';
    const last = ALPHABET.indexOf(part.slice(-1));
    const spelling = pick([
      `${part}=`,
      `${part}==`,
      `${part.slice(0, -1)}${ALPHABET.charAt(last ^ (1 + upTo(3)))}`,
      `${part}\n`,
      ` ${part}`,
      `%${part.charCodeAt(0).toString(16)}${part.slice(1)}`,
    ]);
    return join(parts.with(index, spelling) as unknown as Parts);
  },
  // Another algorithm, with a signature to match where one can be made up.
  rewrite(0, (json, { pick }) =>
    json.replace(
      /"alg":"\w+"/,
      `"alg":${pick(['"none"', '"None"', '"HS256"', '"RS256"', '"ES256"', '"EdDSA"', '"Ed25519"', '"ES384"', '"PS256"', '""', 'null', '["EdDSA"]'])}`,
    ),
  ),
  ([, payload, signature], { pick }) =>
    join([encode(JSON.stringify({ alg: pick(['none', 'NONE', 'nOnE']) })), payload, pick(['', 'AA', signature])]),
  // Header parameters that bring keys or extensions along.
  rewrite(0, (json, dice) =>
    member(
      json,
      dice,
      dice.pick([
        '"crit":["exp"]',
        '"b64":false',
        '"jku":"https://evil.example/keys"',
        '"x5u":"https://evil.example/x"',
        '"jwk":{"kty":"oct","k":"AA"}',
        '"kid":"edge"',
        '"zip":"DEF"',
        '"cty":"JWT"',
        '"alg":"none"',
      ]),
    ),
  ),
  // Claims changed, doubled, added or taken away.
  rewrite(1, (json, { upTo }) => json.replace(/"exp":\d+/, `"exp":${2_000_000_000 + upTo(1_000_000_000)}`)),
  rewrite(1, (json, { upTo }) =>
    json.replace(
      /"sub":"\w+"/,
      `"sub":"${upTo(2 ** 32)
        .toString(16)
        .padStart(32, '0')}"`,
    ),
  ),
  rewrite(1, (json, dice) =>
    member(
      json,
      dice,
      dice.pick([
        '"exp":9999999999',
        '"aud":"v"',
        '"s\\u0075b":"x"',
        '"kid":"edge"',
        '"nbf":0',
        '"downloadable":true',
        '"accessRules":[]',
        '"__proto__":{"exp":9999999999}',
      ]),
    ),
  ),
  rewrite(1, (json, { pick }) => json.replace(pick([/"exp":\d+,?/, /"aud":"v",?/, /"sub":"\w+",?/, /"kid":"\w+",?/]), '')),
  rewrite(1, (json, { upTo, pick }) =>
    splice(json, upTo(json.length), 1, pick(['"', '{', '[', ',', ' ', '\\', '0', 'e9', '\u00e9', '\u0000'])),
  ),
  // Signatures made up: empty, zero, too short, too long, at random, the public key.
  ([header, payload], { upTo, pick }, { publicKey }) => {
    const random = Uint8Array.from({ length: pick([1, 32, 63, 64, 65, 72, 256]) }, () => upTo(256));
    return join([header, payload, pick(['', encodeBase64Url(new Uint8Array(64)), encodeBase64Url(random), encode(publicKey), payload])]);
  },
];

/** A token that nobody signed: one to three changes to a good one, never back to it or to another good one. */
export function mutateToken(token: string, random: () => number, loot: Loot): string {
  const upTo = (end: number): number => Math.floor(random() * end);
  const dice: Dice = { upTo, pick: (choices) => choices[upTo(choices.length)] as (typeof choices)[number] };
  const mutation = dice.pick(MUTATIONS);
  const mutant = mutation(split(token), dice, loot);
  return mutant === token || loot.tokens.includes(mutant) ? mutateToken(token, random, loot) : mutant;
}
