/** Types of web standards that Node has as values and `@types/node` does not name globally; the app speaks of them. */
declare global {
  type CryptoKey = import('node:crypto').webcrypto.CryptoKey;
  type BodyInit = NonNullable<RequestInit['body']>;
}

export {};
