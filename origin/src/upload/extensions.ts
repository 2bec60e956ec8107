/**
 * What we offer of TUS 1.0. Not `creation-defer-length`: the size is checked against the limit, and S3's parts are
 * planned, before the first byte.
 */
export const TUS_EXTENSIONS = ['creation', 'creation-with-upload', 'termination', 'expiration'] as const;
