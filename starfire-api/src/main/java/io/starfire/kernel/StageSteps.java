package io.starfire.kernel;

import static java.util.Objects.requireNonNull;

import io.starfire.api.DataSource;
import io.starfire.api.Enhancement;
import io.starfire.api.Topic;
import io.starfire.event.DataRow;
import io.starfire.event.EventType;
import io.starfire.event.KeyCodec;
import io.starfire.event.Outcome;
import io.starfire.event.RecordCodec;
import io.starfire.plan.AuthorCalls;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode;
import io.starfire.plan.PlanNode.BranchNode;
import io.starfire.plan.PlanNode.BranchOutputNode;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.EnhanceNode;
import io.starfire.plan.PlanNode.EnrichNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.FilterNode;
import io.starfire.plan.PlanNode.FlatMapNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.JoinNode;
import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.PlanNode.MapNode;
import io.starfire.plan.PlanNode.OrphansNode;
import io.starfire.plan.PlanNode.OutputNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import io.starfire.plan.PlanNode.UnionNode;
import io.starfire.plan.PlanVisitor;
import io.starfire.plan.Port;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the stateless operators of a stage into a graph of small objects that call each other. A
 * value that an author's function made is encoded and decoded before the next function sees it,
 * unless that cannot change it. So the result is the same as without fusing.
 */
final class StageSteps {
  private final Plan plan;
  private final Stage stage;
  private final Lookups lookups;
  private final Clip clip;
  private final StageOutput output;
  private final Map<String, Step> built = new HashMap<>();

  /** By the name of the operator; upstream ones are made last. */
  private final Map<String, Kernel> kernels = new HashMap<>();

  StageSteps(Plan plan, Stage stage, Lookups lookups, Clip clip, StageOutput output) {
    this.plan = plan;
    this.stage = stage;
    this.lookups = requireNonNull(lookups, "lookups");
    this.clip = requireNonNull(clip, "clip");
    this.output = requireNonNull(output, "output");
  }

  /** Makes a kernel known to what lies above its operator in this stage. */
  void add(KeyedNode node, Kernel kernel) {
    kernels.put(node.name(), kernel);
  }

  /**
   * Whether the results of the kernel that is being made matter. A kernel below it in this stage
   * has been made before; it needs them always.
   */
  BooleanSupplier wanted() {
    return kernels.isEmpty() ? output::takesResults : () -> true;
  }

  /** A port of a kernel in this stage. */
  record LocalPort(Kernel kernel, int index, Port port) {}

  /** The ports in this stage that take what a node puts out. */
  List<LocalPort> localPorts(PlanNode node) {
    List<LocalPort> ports = new ArrayList<>();
    for (PlanNode consumer : plan.consumersOf(node)) {
      if (consumer instanceof KeyedNode keyed && stage.holds(keyed)) {
        Kernel kernel = requireNonNull(kernels.get(keyed.name()), keyed.name());
        for (int i = 0; i < keyed.ports().size(); i++) {
          if (keyed.ports().get(i).input() == node) {
            ports.add(new LocalPort(kernel, i, keyed.ports().get(i)));
          }
        }
      }
    }
    return ports;
  }

  /** The step that takes what a node puts out, if that is what its codec would read back. */
  Step below(PlanNode node) {
    List<Step> steps = new ArrayList<>();
    localPorts(node).forEach(local -> steps.add(deliver(local)));
    steps.addAll(leaving(node));
    return Step.all(steps.toArray(Step[]::new));
  }

  /** The steps that take what a node puts out, without the kernels of this stage. */
  List<Step> leaving(PlanNode node) {
    List<Step> steps = new ArrayList<>();
    for (Shuffle shuffle : stage.outputs()) {
      if (shuffle.from() == node) {
        steps.add(send(shuffle));
      }
    }
    for (PlanNode consumer : plan.consumersOf(node)) {
      if (!(consumer instanceof KeyedNode) && !(consumer instanceof OutputNode)) {
        // A union of a stream with itself takes each event twice.
        for (PlanNode input : consumer.inputs()) {
          if (input == node) {
            steps.add(step(consumer));
          }
        }
      }
    }
    return steps;
  }

  /** The step that takes what a node puts out at one of its further outputs. */
  Step outputOf(PlanNode node, int index) {
    return step(
        plan.consumersOf(node).stream()
            .filter(OutputNode.class::isInstance)
            .skip(index)
            .findFirst()
            .orElseThrow());
  }

  /** The same after an author's function: its value is first encoded and decoded. */
  Step normalised(PlanNode node) {
    Step next = below(node);
    RecordCodec<Object> codec = codecOf(node);
    return (event, timeMillis) -> {
      Object normal;
      try {
        normal = codec.normalise(event);
      } catch (RuntimeException | Error e) {
        throw AuthorCalls.failed(node.name(), timeMillis, e);
      }
      next.accept(normal, timeMillis);
    };
  }

  static RecordCodec<Object> codecOf(PlanNode node) {
    return codecOf(node.type());
  }

  @SuppressWarnings("unchecked") // all events of the node are of its type
  static RecordCodec<Object> codecOf(EventType<?> type) {
    return (RecordCodec<Object>) type.codec();
  }

  /** One step for each operator, however many ways lead to it. */
  private Step step(PlanNode node) {
    Step step = built.get(node.name());
    if (step == null) {
      step = node.accept(new Builder());
      built.put(node.name(), step);
    }
    return step;
  }

  private Step send(Shuffle shuffle) {
    RecordCodec<Object> codec = codecOf(shuffle.from());
    Port port = shuffle.port();
    return (event, timeMillis) -> {
      if (clip.sends(shuffle, timeMillis)) {
        output.shuffle(shuffle, keyOf(port, event, timeMillis), timeMillis, codec.encode(event));
      }
    };
  }

  private static Step deliver(LocalPort local) {
    RecordCodec<Object> codec = codecOf(local.port().input());
    return (event, timeMillis) ->
        local
            .kernel()
            .event(
                local.index(),
                keyOf(local.port(), event, timeMillis),
                timeMillis,
                codec.encode(event));
  }

  private static byte @Nullable [] keyOf(Port port, Object event, long timeMillis) {
    try {
      return KeyCodec.encode(port.key().apply(event));
    } catch (RuntimeException | Error e) {
      throw AuthorCalls.failed(port.name(), timeMillis, e);
    }
  }

  private final class Builder implements PlanVisitor<Step> {
    @Override
    public Step source(SourceNode node) {
      throw beginsAStage(node);
    }

    @Override
    public Step dedup(DedupNode node) {
      throw beginsAStage(node);
    }

    @Override
    public Step join(JoinNode node) {
      throw beginsAStage(node);
    }

    @Override
    public Step group(GroupNode node) {
      throw beginsAStage(node);
    }

    @Override
    public Step orphans(OrphansNode node) {
      return passOn(node);
    }

    @Override
    public Step union(UnionNode node) {
      return passOn(node);
    }

    @Override
    public Step branchOutput(BranchOutputNode node) {
      return passOn(node);
    }

    private Step passOn(PlanNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step next = below(node);
      return (event, timeMillis) -> {
        counter.count(Outcome.EMITTED, timeMillis);
        next.accept(event, timeMillis);
      };
    }

    @Override
    public Step branch(BranchNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step[] outputs = new Step[node.outputs().size()];
      Arrays.setAll(outputs, index -> outputOf(node, index));
      return (event, timeMillis) -> {
        int chosen;
        try {
          chosen = node.outputOf(event);
        } catch (RuntimeException | Error e) {
          throw AuthorCalls.failed(node.name(), timeMillis, e);
        }
        counter.count(chosen < 0 ? Outcome.FILTERED : Outcome.EMITTED, timeMillis);
        if (chosen >= 0) {
          outputs[chosen].accept(event, timeMillis);
        }
      };
    }

    @Override
    public Step enhance(EnhanceNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step next = normalised(node);
      Enhancement.Bound steps = node.bound();
      Enhancement.Rows rows = lookups::find;
      return (event, timeMillis) -> {
        Object result;
        try {
          result = steps.apply(event, rows);
        } catch (RuntimeException | Error e) {
          throw AuthorCalls.failed(node.name(), timeMillis, e);
        }
        counter.count(result == null ? Outcome.FILTERED : Outcome.EMITTED, timeMillis);
        if (result != null) {
          next.accept(result, timeMillis);
        }
      };
    }

    @Override
    public Step filter(FilterNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step next = below(node);
      return (event, timeMillis) -> {
        boolean kept;
        try {
          kept = node.keep().test(event);
        } catch (RuntimeException | Error e) {
          throw AuthorCalls.failed(node.name(), timeMillis, e);
        }
        counter.count(kept ? Outcome.EMITTED : Outcome.FILTERED, timeMillis);
        if (kept) {
          next.accept(event, timeMillis);
        }
      };
    }

    @Override
    public Step map(MapNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step next = normalised(node);
      return (event, timeMillis) -> {
        Object result;
        try {
          result = node.function().apply(event);
        } catch (RuntimeException | Error e) {
          throw AuthorCalls.failed(node.name(), timeMillis, e);
        }
        counter.count(Outcome.EMITTED, timeMillis);
        next.accept(AuthorCalls.notNull(node, timeMillis, result), timeMillis);
      };
    }

    @Override
    public Step flatMap(FlatMapNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step next = normalised(node);
      return (event, timeMillis) -> {
        List<Object> results = new ArrayList<>();
        Iterable<?> made;
        try {
          made = node.function().apply(event);
          if (made != null) {
            made.forEach(results::add);
          }
        } catch (RuntimeException | Error e) {
          throw AuthorCalls.failed(node.name(), timeMillis, e);
        }
        if (made == null) {
          throw AuthorCalls.returnedNull(
              node.name(),
              timeMillis,
              "list of %s, which may be empty".formatted(node.type().name()));
        }
        counter.count(results.isEmpty() ? Outcome.FILTERED : Outcome.EMITTED, timeMillis);
        for (Object result : results) {
          next.accept(AuthorCalls.notNull(node, timeMillis, result), timeMillis);
        }
      };
    }

    @Override
    public Step enrich(EnrichNode node) {
      OutcomeCounter counter = output.counter(node.name());
      Step next = normalised(node);
      String lookup = node.lookup().name();
      return (event, timeMillis) -> {
        Object result;
        try {
          Object key = node.key().apply(event);
          Optional<?> row = key == null ? Optional.empty() : lookups.find(lookup, key);
          result = node.function().apply(event, row);
        } catch (RuntimeException | Error e) {
          throw AuthorCalls.failed(node.name(), timeMillis, e);
        }
        counter.count(Outcome.EMITTED, timeMillis);
        next.accept(AuthorCalls.notNull(node, timeMillis, result), timeMillis);
      };
    }

    @Override
    public Step dataSource(DataSourceNode node) {
      OutcomeCounter counter = output.counter(node.name());
      @SuppressWarnings("unchecked") // the DSL has checked that the stream fits the data source
      DataSource<Object> dataSource = (DataSource<Object>) node.dataSource();
      return (event, timeMillis) -> {
        boolean taken = true;
        if (clip.writes(timeMillis)) {
          DataRow row;
          try {
            row = dataSource.toRow(event, timeMillis);
          } catch (RuntimeException | Error e) {
            throw AuthorCalls.failed(node.name(), timeMillis, e);
          }
          taken = output.row(node, row);
        }
        counter.count(taken ? Outcome.EMITTED : Outcome.SINK_REJECTED, timeMillis);
      };
    }

    @Override
    public Step topic(TopicNode node) {
      OutcomeCounter counter = output.counter(node.name());
      RecordCodec<Object> codec = codecOf(node);
      @SuppressWarnings("unchecked") // the DSL has checked that the stream fits the topic
      Topic<Object> topic = (Topic<Object>) node.topic();
      return (event, timeMillis) -> {
        boolean taken = true;
        if (clip.writes(timeMillis)) {
          @Nullable String key;
          try {
            key = topic.keyOf(event);
          } catch (RuntimeException | Error e) {
            throw AuthorCalls.failed(node.name(), timeMillis, e);
          }
          byte @Nullable [] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
          taken = output.toTopic(node, bytes, timeMillis, codec.encode(event));
        }
        counter.count(taken ? Outcome.EMITTED : Outcome.SINK_REJECTED, timeMillis);
      };
    }

    @Override
    public Step files(FilesNode node) {
      OutcomeCounter counter = output.counter(node.name());
      RecordCodec<Object> codec = codecOf(node);
      return (event, timeMillis) -> {
        boolean taken =
            !clip.writes(timeMillis) || output.toFiles(node, timeMillis, codec.encode(event));
        counter.count(taken ? Outcome.EMITTED : Outcome.SINK_REJECTED, timeMillis);
      };
    }

    private IllegalStateException beginsAStage(PlanNode node) {
      return new IllegalStateException(
          "'%s' begins a stage, and is no step of '%s'".formatted(node.name(), stage.name()));
    }
  }
}
