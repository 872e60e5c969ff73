package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.PublicationRow;
import io.starfire.serving.view.View;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The current view with other publications: with one that is staged, without one that is to be
 * rolled back, or with those that an earlier view had. All else is as it is now. So an earlier view
 * differs from the current one by publications alone, and both hold all real-time rows: a commit of
 * a real-time node changes where rows are, not which there are. Earlier views are worked out from
 * the metadata store, so they are there after a restart.
 *
 * <p>Thread-safe; what was worked out is kept until the current view changes.
 */
final class ViewVariants {
  private final MetadataStore store;
  private final KeptViews kept;
  private final InstantSource clock;
  private @Nullable Base base;

  /** A current view, with what was worked out from it. */
  private static final class Base {
    private final View view;

    /** Publications that are or were active in this view or an earlier one. */
    private final List<PublicationRow> activated;

    private final Map<Variant, View> variants = new HashMap<>();

    Base(View view, List<PublicationRow> activated) {
      this.view = view;
      this.activated = activated;
    }

    private Set<String> in(String dataSource, long viewNumber) {
      Set<String> ids = new TreeSet<>();
      for (PublicationRow row : activated) {
        if (row.dataSources().contains(dataSource) && row.wasIn(viewNumber)) {
          ids.add(row.id());
        }
      }
      return ids;
    }
  }

  /** One data source's set of active publications. */
  private record Variant(String dataSource, Set<String> publications) {}

  /** A publication that became active or was rolled back. */
  private record Change(long viewNumber, long atMillis) {}

  ViewVariants(MetadataStore store, KeptViews kept, InstantSource clock) {
    this.store = store;
    this.kept = kept;
    this.clock = clock;
  }

  /**
   * What a data source would show if a staged publication were active.
   *
   * @throws StarfireException with NOT_FOUND if there is no such publication, INVALID_INPUT if it
   *     is of another data source, CONFLICT if it is not staged
   */
  synchronized View staged(View current, String dataSource, String id) {
    PublicationRow row = store.read(transaction -> Publications.find(transaction, id));
    if (!row.dataSources().contains(dataSource)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "publication %s is of data source '%s', and the query asks for '%s'"
              .formatted(id, String.join("', '", row.dataSources()), dataSource));
    }
    if (row.state() != State.STAGED) {
      throw new StarfireException(ErrorCode.CONFLICT, notStaged(row));
    }
    Base now = base(current);
    Set<String> ids = now.in(dataSource, current.number());
    ids.add(id);
    return variant(now, dataSource, ids)
        .named(current.number(), "%s with publication %s".formatted(current.name(), id));
  }

  private static String notStaged(PublicationRow row) {
    return switch (row.state()) {
      case ACTIVE ->
          "publication %s is active since view %d; leave out starfirePublication to see it; view %d is the last one without it"
              .formatted(row.id(), row.viewNumber(), row.viewNumber() - 1);
      case ROLLED_BACK ->
          "publication %s was rolled back in view %d and is not served; view %d is the last one with it"
              .formatted(row.id(), row.rolledBackViewNumber(), row.rolledBackViewNumber() - 1);
      default -> "publication %s was aborted and is not served".formatted(row.id());
    };
  }

  /** What its data sources would show without an active publication. */
  synchronized View without(View current, PublicationRow row) {
    Base now = base(current);
    View without = current;
    for (String dataSource : row.dataSources()) {
      Set<String> ids = now.in(dataSource, current.number());
      ids.remove(row.id());
      without = without.with(dataSource, variant(now, dataSource, ids));
    }
    return without;
  }

  /**
   * What a data source shows with the publications that it had in an earlier view.
   *
   * @throws StarfireException with NOT_FOUND if that view is not kept, INVALID_INPUT if there is no
   *     such view yet
   */
  synchronized View earlier(View current, String dataSource, long number) {
    if (number > current.number()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "there is no view %d yet; the current one is view %d"
              .formatted(number, current.number()));
    }
    Base now = base(current);
    long oldest = oldestKept(now, dataSource);
    if (number < oldest) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "view %d of data source '%s' is no longer kept; views from %d to %d are (starfire.server.kept-views and kept-views-for say how many, and how long)"
              .formatted(number, dataSource, oldest, current.number()));
    }
    return variant(now, dataSource, now.in(dataSource, number)).named(number, "view " + number);
  }

  /** Every segment with a file that some kept view shows, those of the current one among them. */
  synchronized Map<SegmentId, SegmentDescriptor> keptSegments(View current) {
    Base now = base(current);
    Map<SegmentId, SegmentDescriptor> segments = new LinkedHashMap<>();
    for (String dataSource : current.dataSources()) {
      long oldest = oldestKept(now, dataSource);
      for (Change change : changes(now, dataSource)) {
        if (change.viewNumber > oldest) {
          Set<String> before = now.in(dataSource, change.viewNumber - 1);
          segments.putAll(variant(now, dataSource, before).visibleSegments(dataSource));
        }
      }
    }
    return segments;
  }

  /** The number of the oldest view of a data source that is kept. */
  private long oldestKept(Base now, String dataSource) {
    List<Change> changes = changes(now, dataSource);
    long nowMillis = clock.millis();
    int first = changes.size();
    while (first > 0
        && changes.size() - first < kept.count()
        && nowMillis - changes.get(first - 1).atMillis <= kept.period().toMillis()) {
      first--;
    }
    return first == 0 ? 0 : changes.get(first - 1).viewNumber;
  }

  /** In the order of views. */
  private static List<Change> changes(Base now, String dataSource) {
    List<Change> changes = new ArrayList<>();
    for (PublicationRow row : now.activated) {
      if (row.dataSources().contains(dataSource)) {
        changes.add(new Change(row.viewNumber(), row.activatedAtMillis()));
        if (row.rolledBackViewNumber() > 0) {
          changes.add(new Change(row.rolledBackViewNumber(), row.rolledBackAtMillis()));
        }
      }
    }
    changes.removeIf(change -> change.viewNumber > now.view.number());
    changes.sort(Comparator.comparingLong(Change::viewNumber));
    return changes;
  }

  private Base base(View current) {
    Base known = base;
    if (known == null || known.view != current) {
      known =
          new Base(
              current,
              store.read(
                  transaction ->
                      transaction.publications().all().stream()
                          .filter(row -> row.viewNumber() > 0)
                          .toList()));
      base = known;
    }
    return known;
  }

  private View variant(Base now, String dataSource, Set<String> ids) {
    Set<String> present = now.in(dataSource, now.view.number());
    if (ids.equals(present)) {
      return now.view;
    }
    return now.variants.computeIfAbsent(
        new Variant(dataSource, Set.copyOf(ids)),
        variant ->
            store.read(
                transaction ->
                    now.view.changed(
                        dataSource,
                        SchemaInForce.with(transaction, dataSource, ids),
                        segments(transaction, dataSource, ids, present),
                        segments(transaction, dataSource, present, ids))));
  }

  /** Of the publications in the one set and not in the other. */
  private static List<SegmentDescriptor> segments(
      MetadataTransaction transaction, String dataSource, Set<String> of, Set<String> without) {
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (String id : of) {
      if (!without.contains(id)) {
        segments.addAll(transaction.segments().ofPublication(id, dataSource));
      }
    }
    return segments;
  }
}
