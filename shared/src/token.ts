import { z } from 'zod';

/**
 * The claims of a playback token: a JWT that a customer signs for one viewer. Mux's signers put `kid` in the payload,
 * others in the header; params arrive as numbers and as strings of digits; claims we do not know pass.
 */
const resolutionSchema = z.enum(['270p', '360p', '480p', '540p', '720p', '1080p', '1440p', '2160p']);

export const playbackClaimsSchema = z.looseObject({
  /** The playback id. */
  sub: z.string(),
  /** What it opens: v video, t thumbnail, g animated image, s storyboard. */
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  exp: z.number(),
  nbf: z.number().optional(),
  kid: z.string().optional(),
  max_resolution: resolutionSchema.optional(),
  min_resolution: resolutionSchema.optional(),
  rendition_order: z.enum(['asc', 'desc']).optional(),
});
export type PlaybackClaims = z.infer<typeof playbackClaimsSchema>;

export const PLAYBACK_AUDIENCES = { video: 'v', thumbnail: 't', gif: 'g', storyboard: 's' } as const;
export type PlaybackAudience = (typeof PLAYBACK_AUDIENCES)[keyof typeof PLAYBACK_AUDIENCES];

/** What a viewer's multivariant playlist may show, from the token's claims or, for a public id, from the query. */
export interface PlaylistRules {
  readonly maxShortSide?: number;
  readonly minShortSide?: number;
  readonly order?: 'asc' | 'desc';
}

export const playlistRulesSchema = playbackClaimsSchema.pick({ max_resolution: true, min_resolution: true, rendition_order: true });

export function toPlaylistRules(params: z.infer<typeof playlistRulesSchema>): PlaylistRules {
  return {
    ...(params.max_resolution !== undefined && { maxShortSide: Number.parseInt(params.max_resolution, 10) }),
    ...(params.min_resolution !== undefined && { minShortSide: Number.parseInt(params.min_resolution, 10) }),
    ...(params.rendition_order !== undefined && { order: params.rendition_order }),
  };
}

/** Algorithms a signing key may have. A token's header never chooses: the key does. */
export const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** `kid` of tokens that the edge issues itself for signed-in users; HS256 under a key derived from the installation's secret. */
export const EDGE_KEY_ID = 'edge';
