/** The one face of BullMQ and Redis to the rest of the project. */
export { type ConsumeOptions, type Consumer, type ConsumerState, consume, type JobContext, type JobHandler } from './queue/consumer.ts';
export { createDeafnessWatch, type DeafnessWatch } from './queue/deafness.ts';
export { type InterestWatch, watchInterest } from './queue/interest.ts';
export { createProducer, type JobCounts, type Producer } from './queue/producer.ts';
export { type ConsumeTiming, PATIENT_TIMING, URGENT_TIMING } from './queue/timing.ts';
