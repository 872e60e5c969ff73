package io.starfire.api;

import io.starfire.event.EventType;
import io.starfire.event.RecordParts;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes an event of some of the values of an array. Immutable and thread-safe. */
final class Selection {
  private final EventType<?> type;
  private final RecordParts parts;
  private final int[] places;
  private final List<UnaryOperator<@Nullable Object>> forms;

  /**
   * @param places in the array, in order of the type's components
   * @param forms how each value is changed
   */
  Selection(EventType<?> type, int[] places, List<UnaryOperator<@Nullable Object>> forms) {
    this.type = type;
    this.parts = RecordParts.of(type);
    this.places = places.clone();
    this.forms = List.copyOf(forms);
  }

  EventType<?> type() {
    return type;
  }

  Object make(@Nullable Object[] values) {
    @Nullable Object[] chosen = new @Nullable Object[places.length];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = forms.get(i).apply(values[places[i]]);
    }
    return parts.together(chosen);
  }
}
