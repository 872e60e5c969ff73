package io.starfire.serving.realtime;

import java.time.Instant;

/**
 * Records of a Kafka partition that were not read yet and are not in the log any more.
 *
 * @param kafkaPartition of the topic
 * @param startOffset inclusive
 * @param endOffset exclusive
 * @param noticedAt when the node noticed
 */
public record LostRange(int kafkaPartition, long startOffset, long endOffset, Instant noticedAt) {}
