import { getCapture, startCapture, type Order } from './client';
import { client } from './client/client.gen';

declare const process: { argv: string[]; exit(code: number): never };
client.setConfig({ baseUrl: `${process.argv[2]}api` });

const orders: Record<string, Omit<Order, 'window'>> = {
    'pod': { target: { pod: 'shop/web' }, filter: { expression: 'tcp port 80', port: '8080' } },
    'workload': { target: { namespace: 'shop', workload: 'deployment/web' } },
    'selector': { target: { namespace: 'shop', selector: 'app=web' } },
    'fleet': { target: { namespace: 'shop', workload: 'deployment/web', maxPods: 2 }, filter: { port: 'http' } },
    'node': { target: { node: { name: 'node-1' } } },
    'node of a pod': { target: { node: { pod: 'shop/web', narrow: false } } },
};

async function run(kind: string, order: Omit<Order, 'window'>): Promise<void> {
    const window = { duration: '1s', snapLength: 262144, maxBytes: 1_000_000 };
    const accepted = await startCapture({ body: { ...order, window, reason: 'a generated client' }, throwOnError: true });
    const until = Date.now() + 50_000;
    while (Date.now() < until) {
        const { data } = await getCapture({ path: { id: accepted.data.id! }, query: { wait: '5' }, throwOnError: true });
        if (data.status === 'completed' || data.status === 'failed' || data.status === 'refused') {
            console.log(`${kind}: ${data.status} ${data.verdict ?? `${data.members?.length} members`}`);
            return;
        }
    }
    throw new Error(`${kind} did not end`);
}

Promise.all(Object.entries(orders).map(([kind, order]) => run(kind, order))).catch(error => {
    console.error(error);
    process.exit(1);
});
