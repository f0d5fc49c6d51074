import { describeJourneys } from '../src/journeys.ts';

describeJourneys('embedded');
