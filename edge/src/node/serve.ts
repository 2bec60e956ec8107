import { composeApp, type Surroundings } from './compose.ts';
import { createHttpServer } from './http-server.ts';

/** Listens and serves. Returns what ends it. */
export async function serve(surroundings: Surroundings): Promise<() => Promise<void>> {
  const { host, port, proxyHops, graceMs } = surroundings.config;
  const { server, close } = createHttpServer({ app: await composeApp(surroundings), proxyHops });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.off('error', reject) && undefined));
  });
  return () => close(graceMs);
}
