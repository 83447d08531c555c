//===- Resolver.cpp - what is wrong before anything is run ----------------===//

#include "frontends/dsl/Resolver.h"
#include "frontends/dsl/Elaborator.h"
#include "frontends/dsl/layers/Layers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace cnnc;
using namespace cnnc::dsl;
using llvm::cast;
using llvm::StringRef;

namespace {
/// A name with a value, where it got it, and whether anything reads it.
struct Variable {
  llvm::SMRange range;
  bool used = false;
  StringRef what = "value";
};
struct Scope {
  enum Kind { Function, Loop, Branch };
  Kind kind;
  llvm::MapVector<StringRef, Variable> variables;
  llvm::MapVector<StringRef, llvm::SMRange> carried; // values of outer scopes given here
};

class Resolver {
public:
  Resolver(const Program &program, DiagnosticSink &sink) : program(program), sink(sink) {}

  bool run() {
    for (auto &[name, function] : program.functions)
      check(*function);
    for (auto &[name, function] : program.functions)
      checkRecursion(function);
    return !recursion;
  }

private:
  void check(const Function &function) {
    current = &function;
    calls.try_emplace(current);
    scopes.clear();
    scopes.push_back({Scope::Function, {}, {}});
    for (const Parameter &parameter : function.parameters) {
      check(parameter.type);
      if (parameter.defaultValue)
        check(parameter.defaultValue);
      declare({parameter.name, parameter.range}, "parameter");
    }
    // Sizes of results may name parameters.
    for (const Result &result : function.results)
      check(result.type);
    checkBody(function.body, /*isFunction=*/true);
    leave();
  }

  //===--- Names ---===//

  Variable *lookup(StringRef name) {
    for (Scope &scope : llvm::reverse(scopes))
      if (auto found = scope.variables.find(name); found != scope.variables.end())
        return &found->second;
    return nullptr;
  }

  void declare(const Target &target, StringRef what) {
    if (target.name == "_")
      return;
    Scope &scope = scopes.back();
    if (Variable *known = lookup(target.name)) {
      bool here = scope.variables.count(target.name) || scope.carried.count(target.name);
      if (here) {
        llvm::SMRange first = scope.variables.count(target.name) ? known->range : scope.carried[target.name];
        sink.error(target.range, "'" + target.name + "' has a value already")
            .note("from " + sink.where(first.Start, target.range.Start))
            .help("give the new value a name of its own");
        return;
      }
      if (carries(target.name)) {
        scope.carried.insert({target.name, target.range});
        return;
      }
      sink.error(target.range, "an 'if' cannot give '" + target.name + "' a new value")
          .note("its value is from " + sink.where(known->range.Start, target.range.Start))
          .help("write " + target.name + " = if … { … } else { " + target.name + " }");
      return;
    }
    scope.variables.insert({target.name, {target.range, false, what}});
  }

  /// Whether only loops stand between here and the scope of `name`.
  bool carries(StringRef name) {
    for (Scope &scope : llvm::reverse(scopes)) {
      if (scope.variables.count(name))
        return true;
      if (scope.kind != Scope::Loop)
        return false;
    }
    return false;
  }

  void leave() {
    for (auto &[name, variable] : scopes.back().variables)
      if (!variable.used)
        sink.error(variable.range, variable.what + " '" + name + "' is never used")
            .help(variable.what == "value" ? "use it, or remove what computes it; '_' takes a value that is not wanted"
                                           : "use it, or remove it");
    scopes.pop_back();
  }

  void checkName(StringRef name, llvm::SMRange range) {
    if (Variable *variable = lookup(name)) {
      variable->used = true;
      return;
    }
    std::vector<StringRef> names;
    for (Scope &scope : scopes)
      for (auto &[known, variable] : scope.variables)
        names.push_back(known);
    Diagnostic &diagnostic = sink.error(range, "unknown name '" + name + "'" + didYouMean(name, names));
    if (layers().lookup(name) || program.functions.count(name))
      diagnostic.help("to call it, write " + name + "(…) or '|> " + name + "'");
  }

  //===--- Expressions ---===//

  void check(const TypeExpr *type) {
    if (type && type->sizes)
      for (const Expr *size : *type->sizes)
        if (auto *name = llvm::dyn_cast<NameExpr>(size); !name || name->name != "N")
          check(size);
  }

  void check(const Expr *expr) {
    if (auto *name = llvm::dyn_cast<NameExpr>(expr)) {
      checkName(name->name, name->range);
    } else if (auto *text = llvm::dyn_cast<StringExpr>(expr)) {
      for (const StringExpr::Part &part : text->parts)
        if (part.value)
          check(part.value);
    } else if (auto *list = llvm::dyn_cast<ListExpr>(expr)) {
      for (const Expr *element : list->elements)
        check(element);
    } else if (auto *index = llvm::dyn_cast<IndexExpr>(expr)) {
      check(index->base);
      for (const Expr *element : index->indices)
        check(element);
    } else if (auto *attribute = llvm::dyn_cast<AttributeExpr>(expr)) {
      check(attribute->base);
    } else if (auto *unary = llvm::dyn_cast<UnaryExpr>(expr)) {
      check(unary->operand);
    } else if (auto *binary = llvm::dyn_cast<BinaryExpr>(expr)) {
      check(binary->lhs);
      check(binary->rhs);
    } else if (auto *choice = llvm::dyn_cast<IfExpr>(expr)) {
      check(choice->condition);
      for (Body body : {choice->thenBody, choice->elseBody}) {
        scopes.push_back({Scope::Branch, {}, {}});
        checkBody(body, /*isFunction=*/false);
        leave();
      }
    } else if (auto *call = llvm::dyn_cast<CallExpr>(expr)) {
      checkCall(*call);
    } else if (auto *pipe = llvm::dyn_cast<PipeExpr>(expr)) {
      check(pipe->head);
      for (const CallExpr *stage : pipe->stages)
        checkCall(*stage);
    }
  }

  void checkCall(const CallExpr &call) {
    const Signature *layer = layers().lookup(call.callee);
    auto function = program.functions.find(call.callee);
    if (function != program.functions.end()) {
      calls[current].insert({function->second, call.calleeRange});
    } else if (!layer) {
      std::vector<StringRef> names = layers().names();
      for (auto &[name, known] : program.functions)
        names.push_back(name);
      sink.error(call.calleeRange, "unknown layer or block '" + call.callee + "'" + didYouMean(call.callee, names));
    }
    for (const CallExpr::Argument &argument : call.arguments) {
      // The words of an initializer are the initializer's business.
      const SignatureParameter *parameter = nullptr;
      if (layer)
        for (const SignatureParameter &known : layer->parameters)
          if (known.name == argument.name)
            parameter = &known;
      if (!parameter || parameter->type.kind != ArgumentType::Kind::Call)
        check(argument.value);
    }
    if (call.label)
      check(call.label);
  }

  //===--- Statements ---===//

  void checkBody(Body body, bool isFunction) {
    bool ended = false;
    for (const Stmt *statement : body) {
      if (ended) {
        sink.error(statement->range, "nothing can stand after the value of a body").help("move it up, or remove it");
        return;
      }
      ended = checkStatement(statement, isFunction);
    }
    if (!ended && isFunction)
      sink.error(current->range, (current->isModel ? "model '" : "block '") + current->name + "' returns nothing")
          .help("end its body with 'return …'");
    else if (!ended && scopes.back().kind == Scope::Branch && !body.empty())
      sink.error(body.back()->range, "a branch of 'if' ends in its value").help("write the value as the last line");
  }

  /// Whether the statement is the end of its body.
  bool checkStatement(const Stmt *statement, bool isFunction) {
    if (auto *assign = llvm::dyn_cast<AssignStmt>(statement)) {
      check(assign->value);
      for (const Target &target : assign->targets)
        declare(target, "value");
      return false;
    }
    if (auto *loop = llvm::dyn_cast<ForStmt>(statement)) {
      check(loop->list);
      scopes.push_back({Scope::Loop, {}, {}});
      for (const Target &variable : loop->variables)
        declareLoopVariable(variable);
      checkBody(loop->body, false);
      leave();
      return false;
    }
    if (auto *end = llvm::dyn_cast<ReturnStmt>(statement)) {
      for (const Expr *value : end->values)
        check(value);
      if (!isFunction)
        sink.error(statement->range, "'return' stands at the end of a block or model")
            .help("in an 'if', the last line is the value; a loop carries values by their names");
      return isFunction;
    }
    check(cast<ValueStmt>(statement)->value);
    if (scopes.back().kind == Scope::Branch)
      return true;
    sink.error(statement->range, "the value of this line is never used")
        .help(isFunction ? "write return …, or give it a name" : "give it a name");
    return false;
  }

  /// A loop's variable may go unused: a loop may just repeat.
  void declareLoopVariable(const Target &variable) {
    if (lookup(variable.name) && variable.name != "_") {
      sink.error(variable.range, "'" + variable.name + "' has a value already").help("give the loop's variable another name");
      return;
    }
    scopes.back().variables.insert({variable.name, {variable.range, true, "variable"}});
  }

  //===--- Recursion ---===//

  void checkRecursion(const Function *start) {
    if (!finished.insert(start).second)
      return;
    path.insert(start);
    for (auto [callee, range] : calls.find(start)->second) {
      if (!path.contains(callee)) {
        if (path.size() < Elaborator::maxCalls)
          checkRecursion(callee);
        else
          sink.error(range, Elaborator::tooManyCalls()).help("repeat with 'for'");
        continue;
      }
      recursion = true;
      std::string cycle;
      for (const Function *function : llvm::ArrayRef(path.getArrayRef()).drop_until([&](auto *f) { return f == callee; }))
        cycle += function->name.str() + " → ";
      sink.error(range, "blocks call each other without end: " + cycle + callee->name.str()).help("repeat with 'for'");
    }
    path.pop_back();
  }

  const Program &program;
  DiagnosticSink &sink;
  const Function *current = nullptr;
  bool recursion = false;
  std::vector<Scope> scopes;
  llvm::DenseMap<const Function *, llvm::MapVector<const Function *, llvm::SMRange>> calls;
  llvm::DenseSet<const Function *> finished;
  llvm::SetVector<const Function *> path;
};
} // namespace

bool dsl::resolve(const Program &program, DiagnosticSink &sink) { return Resolver(program, sink).run(); }
