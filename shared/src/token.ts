import { z } from 'zod';

/** Families of video codecs a viewer may be held to, as RFC 6381 strings and rendition ids tell them apart. */
const CODEC_FAMILIES = ['avc', 'hevc', 'av1'] as const;
export type CodecFamily = (typeof CODEC_FAMILIES)[number];

const resolutionSchema = z.enum(['270p', '360p', '480p', '540p', '720p', '1080p', '1440p', '2160p']);

const SECONDS = 'must be seconds from 0 on, like 10 or "10.5"';
/** Signers that build claims from a query write numbers as text. */
const secondsSchema = z.union(
  [
    z.number().nonnegative(SECONDS),
    z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,9})?$/)
      .transform(Number),
  ],
  { error: SECONDS },
);

const flagSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'must be true or false',
});

const CODECS = new RegExp(`^(?:${CODEC_FAMILIES.join('|')})(?:,(?:${CODEC_FAMILIES.join('|')})){0,9}$`);
const codecsSchema = z
  .string()
  .regex(CODECS, `must be a list of ${CODEC_FAMILIES.join(', ')}, with commas`)
  .transform((text) => CODEC_FAMILIES.filter((family) => text.split(',').includes(family)));

/** RFC 5646 section 2.1, as far as a prefix is compared: subtags of letters and digits. */
const languageSchema = z.string().regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}$/, 'must be a language tag of BCP 47, like en or pt-BR');

/** The claims, and for a public id the query parameters, that say what a viewer's playlists show. What else is beside them passes. */
const ruleParams = {
  max_resolution: resolutionSchema.optional(),
  min_resolution: resolutionSchema.optional(),
  rendition_order: z.enum(['asc', 'desc']).optional(),
  default_subtitles_lang: languageSchema.optional(),
  codecs: codecsSchema.optional(),
  roku_trick_play: flagSchema.optional(),
  asset_start_time: secondsSchema.optional(),
  asset_end_time: secondsSchema.optional(),
};

/** The `aud` of a playback token: what it opens. */
export const PLAYBACK_AUDIENCES = { video: 'v', thumbnail: 't', gif: 'g', storyboard: 's' } as const;
export type PlaybackAudience = (typeof PLAYBACK_AUDIENCES)[keyof typeof PLAYBACK_AUDIENCES];

/** What a viewer's playlists may show, from the token's claims or, for a public id, from the query. */
export interface PlaylistRules {
  readonly maxShortSide?: number;
  readonly minShortSide?: number;
  readonly order?: 'asc' | 'desc';
  /** BCP 47; the subtitles a player begins with. */
  readonly defaultSubtitlesLanguage?: string;
  /** Never empty; absent for all that there are. */
  readonly codecs?: readonly CodecFamily[];
  /** Whether I-frame playlists are listed; absent is yes. */
  readonly hasTrickPlay?: boolean;
  readonly clipStartSeconds?: number;
  /** Exclusive, and after the start. */
  readonly clipEndSeconds?: number;
}

export const playlistRulesSchema = z
  .object(ruleParams)
  .refine(({ asset_start_time: start = 0, asset_end_time: end }) => end === undefined || start < end, {
    path: ['asset_end_time'],
    error: 'must be after asset_start_time',
  });

export function toPlaylistRules(params: z.infer<typeof playlistRulesSchema>): PlaylistRules {
  const { max_resolution: max, min_resolution: min, asset_start_time: clipStartSeconds, asset_end_time: clipEndSeconds } = params;
  const { rendition_order: order, default_subtitles_lang: defaultSubtitlesLanguage, codecs, roku_trick_play: hasTrickPlay } = params;
  return {
    ...(max !== undefined && { maxShortSide: Number.parseInt(max, 10) }),
    ...(min !== undefined && { minShortSide: Number.parseInt(min, 10) }),
    ...(order !== undefined && { order }),
    ...(defaultSubtitlesLanguage !== undefined && { defaultSubtitlesLanguage }),
    ...(codecs !== undefined && { codecs }),
    ...(hasTrickPlay !== undefined && { hasTrickPlay }),
    ...(clipStartSeconds !== undefined && { clipStartSeconds }),
    ...(clipEndSeconds !== undefined && { clipEndSeconds }),
  };
}

/** Algorithms a signing key may have. A token's header never chooses: the key does. */
export const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** `kid` of tokens that the edge issues itself for signed-in users; HS256 under a key derived from the installation's secret. */
export const EDGE_KEY_ID = 'edge';
