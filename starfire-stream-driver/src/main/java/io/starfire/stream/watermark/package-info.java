/**
 * Watermarks: the messages about event time between the tasks of a stream, and how a task computes
 * its watermark from them. Nothing here uses Kafka or a clock.
 */
package io.starfire.stream.watermark;
