package io.starfire.serving.realtime;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One Kafka partition of a real-time data source.
 *
 * @param kafkaPartition of the topic
 * @param state DATA_LOSS if reading has stopped for that reason
 * @param position the next offset to read; rows of all offsets below it are visible
 * @param committed the next offset to commit from
 * @param lag number of records from the position to the end of the log; empty if it is not known
 * @param livePieces number of live pieces, including committed ones that are not handed off yet
 * @param lost the range that was lost; empty if none was
 */
public record PartitionStatus(
    int kafkaPartition,
    RealtimeState state,
    long position,
    long committed,
    OptionalLong lag,
    int livePieces,
    Optional<LostRange> lost) {}
