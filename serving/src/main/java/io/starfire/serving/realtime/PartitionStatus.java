package io.starfire.serving.realtime;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One Kafka partition of a real-time data source.
 *
 * @param kafkaPartition of the topic
 * @param state DATA_LOSS if the partition is not read on for that reason
 * @param position the next offset to read; rows of all offsets below it are visible
 * @param committed the next offset to commit from
 * @param lag records between the position and the end of the log; empty if it is not known
 * @param livePieces pieces held, committed ones that are not handed off yet included
 * @param lost the range that is gone from the log, if there is one
 */
public record PartitionStatus(
    int kafkaPartition,
    RealtimeState state,
    long position,
    long committed,
    OptionalLong lag,
    int livePieces,
    Optional<LostRange> lost) {}
