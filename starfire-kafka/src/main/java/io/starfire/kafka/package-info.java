/**
 * What every part that speaks to Kafka needs, and that would otherwise stand in each of them: calls
 * to the brokers with one deadline and one sentence if they fail, topics that are created and
 * checked, dead letters, and the health and metrics server of a daemon. Knows Kafka's clients, not
 * Kafka Streams.
 */
package io.starfire.kafka;
