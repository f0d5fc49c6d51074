import { describeSubscriptions } from '../src/subscriptions.ts';

describeSubscriptions('embedded');
