// For every test process: the servers that tests start are on this machine. A test of the policy itself sets its own.
import { allowEgress } from '../egress/egress.ts';

export const loopback = ['127.0.0.0/8', '::1'];
allowEgress(loopback);
