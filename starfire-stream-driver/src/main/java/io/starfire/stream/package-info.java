/**
 * The stream driver: a plan as a Kafka Streams topology that runs the kernels of starfire-api.
 * {@link io.starfire.stream.StreamDriver} starts it.
 */
package io.starfire.stream;
