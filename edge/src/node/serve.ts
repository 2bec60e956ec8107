import { composeApp, type Surroundings } from './compose.ts';
import { createHttpServer } from './http-server.ts';
import { createServerClients } from './server-clients.ts';

/** Listens and serves. Returns what ends it. */
export async function serve(surroundings: Omit<Surroundings, 'clientOf'>): Promise<() => Promise<void>> {
  const { host, port, proxyHops, graceMs } = surroundings.config;
  const clients = createServerClients(surroundings.config);
  const app = await composeApp({ ...surroundings, clientOf: clients.clientOf });
  const { server, close } = createHttpServer({ app, proxyHops, clients });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server.off('error', reject) && undefined));
  });
  return () => close(graceMs);
}
