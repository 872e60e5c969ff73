package io.starfire.segment.column;

/** One column of a {@link RowSet}. */
public sealed interface Column permits LongColumn, DoubleColumn, StringColumn, BytesColumn {}
