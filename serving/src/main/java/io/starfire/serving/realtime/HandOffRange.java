package io.starfire.serving.realtime;

import java.util.List;

/**
 * Sealed and persisted pieces that are to be committed together.
 *
 * @param kafkaPartition that they belong to
 * @param start first offset, inclusive
 * @param end last offset, exclusive
 * @param pieces contiguous, none empty of offsets
 */
record HandOffRange(int kafkaPartition, long start, long end, List<Piece> pieces) {}
