package io.starfire.kernel;

import io.starfire.api.Matches;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Matches in a list, in canonical order. */
record MatchList<S>(List<S> events) implements Matches<S> {
  @Override
  public boolean any() {
    return !events.isEmpty();
  }

  @Override
  public Optional<S> first() {
    return events.stream().findFirst();
  }

  @Override
  public int size() {
    return events.size();
  }

  @Override
  public Iterator<S> iterator() {
    return events.iterator();
  }
}
