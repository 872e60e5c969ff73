package io.starfire.plan;

import static java.util.Objects.requireNonNull;

import io.starfire.api.Join;
import io.starfire.api.Matches;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.event.EventType;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.OrphansNode;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A join that is being described. Not thread-safe. */
final class JoinBuilder<P, S> implements Join<P, S> {
  private final FlowBuilder flow;
  private final String name;
  private final PlanNode primary;
  private final PlanNode secondary;
  private final String description;

  JoinBuilder(FlowBuilder flow, String name, PlanNode primary, PlanNode secondary) {
    this.flow = flow;
    this.name = name;
    this.primary = primary;
    this.secondary = secondary;
    this.description = "join '" + name + "'";
    flow.begin(description);
  }

  @Override
  public <K> Keyed<P, S> on(
      Function<? super P, ? extends @Nullable K> primaryKey,
      Function<? super S, ? extends @Nullable K> secondaryKey) {
    Function<Object, Object> left = FlowBuilder.erased(primaryKey);
    Function<Object, Object> right = FlowBuilder.erased(secondaryKey);
    return window -> new Windowed(left, right, requireNonNull(window, "window"), null);
  }

  private final class Windowed implements Join.Windowed<P, S> {
    private final Function<Object, Object> primaryKey;
    private final Function<Object, Object> secondaryKey;
    private final Window window;
    private final @Nullable Consumer<? super Stream<S>> orphans;

    private Windowed(
        Function<Object, Object> primaryKey,
        Function<Object, Object> secondaryKey,
        Window window,
        @Nullable Consumer<? super Stream<S>> orphans) {
      this.primaryKey = primaryKey;
      this.secondaryKey = secondaryKey;
      this.window = window;
      this.orphans = orphans;
    }

    @Override
    public Join.Windowed<P, S> orphans(Consumer<? super Stream<S>> consumer) {
      return new Windowed(primaryKey, secondaryKey, window, requireNonNull(consumer, "consumer"));
    }

    @Override
    public Join.Early<P> completeOnFirst() {
      return new Join.Early<>() {
        @Override
        public <R> Stream<R> emit(
            EventType<R> to, BiFunction<? super P, ? super Boolean, ? extends R> function) {
          return finish(to, FlowBuilder.erase(requireNonNull(function, "function")), null);
        }
      };
    }

    @Override
    public <R> Stream<R> emit(
        EventType<R> to, BiFunction<? super P, ? super Matches<S>, ? extends R> function) {
      return finish(to, null, FlowBuilder.erase(requireNonNull(function, "function")));
    }

    private <R> Stream<R> finish(
        EventType<R> to,
        @Nullable BiFunction<Object, Boolean, Object> onFirst,
        @Nullable BiFunction<Object, Matches<?>, Object> onAll) {
      flow.finish(description);
      JoinNode join =
          new JoinNode(
              name,
              primary,
              secondary,
              primaryKey,
              secondaryKey,
              window,
              requireNonNull(to, "to"),
              onFirst,
              onAll,
              orphans != null);
      Stream<R> results = flow.add(join);
      if (orphans != null) {
        String orphansName = name + "-orphans";
        flow.claim("orphans of a join", orphansName);
        orphans.accept(flow.add(new OrphansNode(orphansName, join)));
      }
      return results;
    }
  }
}
