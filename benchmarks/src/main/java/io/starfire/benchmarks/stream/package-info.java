/**
 * The stream driver beside its peers: Kafka Streams' own join, Flink, and a bare loop of Kafka's
 * clients. A real broker and each contestant are processes of their own.
 */
package io.starfire.benchmarks.stream;
