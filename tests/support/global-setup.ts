import { startCluster } from './stores/cluster';

export default async function setup(): Promise<void> {
  const started = await startCluster();
  (globalThis as { stopCluster?: () => Promise<void> }).stopCluster = () => started.stop();
}
