/**
 * What all parts that use Kafka share: calls to the brokers with a time limit and a clear error,
 * the creation and check of topics, dead letters, and the health and metrics server of a daemon.
 * Uses Kafka's clients, but not Kafka Streams.
 */
package io.starfire.kafka;
