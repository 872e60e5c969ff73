package io.starfire.plan;

import io.starfire.api.Pipeline;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.StarfireVersion;
import io.starfire.event.EventType;
import io.starfire.event.ResultCodec;
import io.starfire.event.RowSchemas;
import io.starfire.plan.PlanNode.DedupNode;
import io.starfire.plan.PlanNode.FilesNode;
import io.starfire.plan.PlanNode.GroupNode;
import io.starfire.plan.PlanNode.KeyedNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.PlanNode.TopicNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Turns a pipeline class into a checked plan. Stateless; thread-safe. */
public final class Planner {
  private Planner() {}

  /**
   * Loads a class by name and plans it.
   *
   * @param schemas those of the configuration
   * @throws StarfireException with INVALID_PIPELINE if there is no such class, it is not a
   *     pipeline, it has no public no-argument constructor, or what it defines cannot run
   */
  public static Plan plan(String className, ClassLoader loader, RowSchemas schemas) {
    return plan(instantiate(className, loader), schemas);
  }

  /** The same for a pipeline that takes no schema from the configuration. */
  public static Plan plan(String className, ClassLoader loader) {
    return plan(className, loader, RowSchemas.none());
  }

  /**
   * Plans a pipeline. The plan has the name of its class.
   *
   * @param schemas those of the configuration
   * @throws StarfireException with INVALID_PIPELINE if what it defines cannot run
   */
  public static Plan plan(Pipeline pipeline, RowSchemas schemas) {
    String className = pipeline.getClass().getName();
    FlowBuilder flow = new FlowBuilder(schemas);
    define(pipeline, className, flow);
    if (!flow.unfinished().isEmpty()) {
      throw invalid(
          className,
          "%s is begun and not finished; a source needs identity() or withoutIdentity(), a join emit(), a group emit() or collect()"
              .formatted(String.join(", ", flow.unfinished())));
    }
    List<PlanNode> nodes = List.copyOf(flow.nodes());
    check(className, nodes);
    Plan plan = new Plan(className, nodes, flow.lookups(), Stages.of(nodes));
    checkNames(plan);
    return plan;
  }

  /** The same for a pipeline that takes no schema from the configuration. */
  public static Plan plan(Pipeline pipeline) {
    return plan(pipeline, RowSchemas.none());
  }

  /**
   * Rebuilds a plan in a task and compares it with the one that was submitted.
   *
   * @param description the {@link PlanDescription#text} of the submitted plan
   * @throws StarfireException with PLAN_MISMATCH if the two differ; the message says where
   */
  public static Plan rebuild(
      String className, ClassLoader loader, RowSchemas schemas, String description) {
    Plan plan = plan(className, loader, schemas);
    PlanDescription.requireEqual(className, description, PlanDescription.text(plan));
    return plan;
  }

  private static void define(Pipeline pipeline, String className, FlowBuilder flow) {
    try {
      pipeline.define(flow);
    } catch (StarfireException e) {
      throw lineOf(className, e)
          .map(line -> new StarfireException(e.code(), e.getMessage() + line, e))
          .orElse(e);
    } catch (LinkageError e) {
      throw unfit(className, e);
    } catch (RuntimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "define() of pipeline class '%s' failed with %s%s"
              .formatted(className, e, lineOf(className, e).orElse("")),
          e);
    }
  }

  /**
   * The line of the pipeline's class at which its definition failed, as the end of a sentence. A
   * window or a time zone does not know for which operator it is made; the line does.
   */
  private static Optional<String> lineOf(String className, Throwable failure) {
    return Stream.of(failure.getStackTrace())
        .filter(frame -> frame.getClassName().equals(className) && frame.getLineNumber() > 0)
        .findFirst()
        .map(frame -> " (%s, line %d)".formatted(frame.getFileName(), frame.getLineNumber()));
  }

  /** The class was compiled against something else than what is here. */
  private static StarfireException unfit(String className, LinkageError error) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE,
        "pipeline class '%s' does not fit what it runs with: %s; build it for Starfire %s and for Java %d or older, and name the jars of its libraries too"
            .formatted(className, error, StarfireVersion.number(), Runtime.version().feature()),
        error);
  }

  /** Names of stages and shuffles are made from those of operators; all must be different. */
  private static void checkNames(Plan plan) {
    Set<String> names = new HashSet<>();
    List<String> derived = new ArrayList<>();
    for (PlanNode node : plan.nodes()) {
      if (node instanceof DedupNode) {
        derived.add(node.name());
      } else {
        names.add(node.name());
      }
      if (node instanceof KeyedNode keyed) {
        Set<String> operators = new TreeSet<>();
        keyed.ports().forEach(port -> operators.add(port.operator()));
        operators.remove(node.name());
        derived.addAll(operators);
      }
    }
    plan.shuffles().stream()
        .map(Shuffle::name)
        .filter(name -> !derived.contains(name))
        .forEach(derived::add);
    for (String name : derived) {
      if (!names.add(name)) {
        throw invalid(
            plan.pipeline(),
            "the name '%s' is also made by the engine for a part of another operator; choose another"
                .formatted(name));
      }
    }
  }

  private static Pipeline instantiate(String className, ClassLoader loader) {
    Class<?> type;
    try {
      type = Class.forName(className, true, loader);
    } catch (ExceptionInInitializerError e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "pipeline class '%s' failed to initialise: %s".formatted(className, e.getCause()),
          e);
    } catch (ClassNotFoundException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "pipeline class '%s' was not found %s"
              .formatted(className, PipelineJars.whereToLook(className, loader)),
          e);
    } catch (LinkageError e) {
      throw unfit(className, e);
    }
    if (!Pipeline.class.isAssignableFrom(type)) {
      throw invalid(className, "it does not implement " + Pipeline.class.getName());
    }
    try {
      if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
        throw new NoSuchMethodException();
      }
      return (Pipeline) type.getConstructor().newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "pipeline class '%s' must be public, not abstract, and have a public constructor without arguments"
              .formatted(className),
          e);
    } catch (InvocationTargetException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "the constructor of pipeline class '%s' failed: %s".formatted(className, e.getCause()),
          e);
    }
  }

  private static void check(String className, List<PlanNode> nodes) {
    if (nodes.stream().noneMatch(SinkNode.class::isInstance)) {
      throw invalid(className, "it writes nothing; end a stream with to(...)");
    }
    Consumers consumers = new Consumers(nodes);
    for (PlanNode node : nodes) {
      requireWritable(node, node.type());
      if (node instanceof GroupNode group && group.form() instanceof GroupForm.Aggregate sums) {
        requireWritable(node, sums.accumulator());
      }
      if (node instanceof TopicNode || node instanceof FilesNode) {
        checkTime((SinkNode) node);
      }
      boolean used = node instanceof SinkNode || !consumers.of(node).isEmpty();
      if (!used) {
        throw invalid(
            className,
            "the %s '%s' goes nowhere; end it with to(...) or leave it out"
                .formatted(
                    node instanceof SourceNode || node instanceof DedupNode
                        ? "source"
                        : "result of",
                    node instanceof DedupNode dedup ? dedup.source().name() : node.name()));
      }
    }
  }

  private static void requireWritable(PlanNode node, EventType<?> type) {
    try {
      type.codec();
    } catch (StarfireException e) {
      throw new StarfireException(
          e.code(), "%s '%s': %s".formatted(node.kind(), node.name(), e.getMessage()), e);
    }
  }

  /** What is written for other programs has a column of the event time. */
  private static void checkTime(SinkNode sink) {
    try {
      ResultCodec unused = ResultCodec.of(sink.type());
    } catch (StarfireException e) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE, "'%s': %s".formatted(sink.name(), e.getMessage()), e);
    }
  }

  private static StarfireException invalid(String className, String what) {
    return new StarfireException(
        ErrorCode.INVALID_PIPELINE, "pipeline '%s' cannot run: %s".formatted(className, what));
  }
}
