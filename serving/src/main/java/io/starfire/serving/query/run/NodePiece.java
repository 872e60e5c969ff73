package io.starfire.serving.query.run;

import io.starfire.common.StarfireException;
import io.starfire.serving.query.exec.RowSource;
import java.util.function.UnaryOperator;

/**
 * A row set of a node that is scanned.
 *
 * @param source open until the scan has ended
 * @param isImmutable whether its name stands for these rows for ever
 * @param onFailure makes the exception that says which row set could not be read
 */
public record NodePiece(
    RowSource source, boolean isImmutable, UnaryOperator<StarfireException> onFailure) {}
