package io.starfire.serving.query.source;

import io.starfire.segment.column.StringColumn;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/** A column with the dictionary of another one, whose rows are others. */
abstract class DictionaryView implements StringColumn {
  private final StringColumn column;

  DictionaryView(StringColumn column) {
    this.column = column;
  }

  @Override
  public final int cardinality() {
    return column.cardinality();
  }

  @Override
  public final @Nullable String value(int id) {
    return column.value(id);
  }

  @Override
  public final byte @Nullable [] utf8(int id) {
    return column.utf8(id);
  }

  @Override
  public final int idOf(@Nullable String value) {
    return column.idOf(value);
  }

  @Override
  public final boolean sorted() {
    return column.sorted();
  }

  @Override
  public final boolean isJson() {
    return column.isJson();
  }

  @Override
  public final boolean multiValued() {
    return column.multiValued();
  }

  @Override
  public final @Nullable ImmutableBitmapDataProvider rowsOf(int id) {
    return null;
  }
}
