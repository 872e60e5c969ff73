/**
 * Watermarks in band: what the tasks of a stream tell each other about event time, and what each
 * concludes from it. Pure values and classes, without Kafka and without a clock.
 */
package io.starfire.stream.watermark;
