package io.starfire.segment.index;

/** A column of a snapshot, for the code that puts its rows into order. */
sealed interface RowColumn
    permits LiveStringColumn, LiveLongColumn, LiveDoubleColumn, LiveBytesColumn {}
