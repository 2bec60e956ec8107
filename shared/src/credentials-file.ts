import { z } from 'zod';
import { bootstrapAnswerSchema } from './internal.ts';

/** `.mediaflow/credentials.json`, mode 0600: all that a client of this installation needs. */
export const credentialsFileSchema = bootstrapAnswerSchema.extend({
  api_url: z.url(),
  upload_url: z.url(),
  playback_url: z.url(),
});
export type CredentialsFile = z.infer<typeof credentialsFileSchema>;
