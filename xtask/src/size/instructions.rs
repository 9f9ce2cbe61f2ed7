//! How many instructions of the module a call executes.
//!
//! The shipped module is made to count itself: at the start of each run of instructions that are
//! executed together or not at all, it adds their number to a global. Calls go through the
//! package's own glue in Node, and `xtask/src/size/instructions.mjs` reads the global before and after.
//! Unlike a time, such a count is the same on every machine. What JavaScript does is not in it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use walrus::ir::{
    BinaryOp, Binop, Const, GlobalGet, GlobalSet, Instr, InstrLocId, InstrSeq, Value, VisitorMut,
    dfs_pre_order_mut,
};
use walrus::{ConstExpr, GlobalId, Module, ValType};

use super::{Measure, read};
use crate::{npm, process, project};

/// The name under which the counting module exports its count.
const COUNTER: &str = "instructions";

/// The calls of the driver, and what each may at most execute: a tenth above what it does today.
const CALLS: &[(&str, u64)] = &[
    ("new CustomersApi", 7_100),
    ("getCustomer", 4_400),
    ("createCustomer", 5_100),
    ("listCustomers, a page of 100", 8_700),
    ("listCustomers, a page of 100, compared", 9_200),
    ("createCustomer, refused with a 400", 31_300),
    ("getCustomer, once more after a 503", 7_600),
];

pub(super) fn measures() -> Result<Vec<Measure>> {
    let counting = project::cache("size")?.join("counting.wasm");
    let shipped = read(&project::path("pkg/dist/synctera_customers.wasm"))?;
    project::write(&counting, count_itself(&shipped)?)?;
    let counted = run(&counting)?;
    // In a separate process again: a count that varies would make the test a lottery.
    if run(&counting)? != counted {
        bail!("the same calls executed another number of instructions the second time");
    }
    if let Some(unknown) = counted
        .keys()
        .find(|call| CALLS.iter().all(|(what, _)| what != call))
    {
        bail!("the driver makes a call that has no budget: {unknown}");
    }
    CALLS
        .iter()
        .map(|&(what, limit)| {
            let value = counted.get(what);
            Ok(Measure {
                what,
                unit: "instructions",
                value: *value.with_context(|| format!("the driver makes no such call: {what}"))?,
                limit,
            })
        })
        .collect()
}

/// The driver's counts by call.
fn run(module: &Path) -> Result<BTreeMap<String, u64>> {
    let mut node = npm::node()?;
    node.arg(project::path("xtask/src/size/instructions.mjs"))
        .arg(project::path("pkg/entries/slim.js"))
        .arg(module);
    serde_json::from_str(&process::output(&mut node)?).context("the driver printed no counts")
}

/// The module, with a count of the instructions it has executed.
fn count_itself(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(wasm)?;
    let zero = ConstExpr::Value(Value::I64(0));
    let global = module.globals.add_local(ValType::I64, true, false, zero);
    module.exports.add(COUNTER, global);
    let mut counting = Counting { global };
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut counting, function, entry);
    }
    Ok(module.emit_wasm())
}

struct Counting {
    global: GlobalId,
}

impl VisitorMut for Counting {
    fn start_instr_seq_mut(&mut self, sequence: &mut InstrSeq) {
        let all = std::mem::take(&mut sequence.instrs);
        for run in all.split_inclusive(|(instruction, _)| may_leave(instruction)) {
            sequence.instrs.extend(self.add(run.len()));
            sequence.instrs.extend_from_slice(run);
        }
    }
}

impl Counting {
    /// Adds to the count. These instructions are not counted themselves.
    fn add(&self, count: usize) -> impl Iterator<Item = (Instr, InstrLocId)> + use<> {
        let global = self.global;
        let value = Value::I64(count as i64);
        let instructions: [Instr; 4] = [
            GlobalGet { global }.into(),
            Const { value }.into(),
            Binop {
                op: BinaryOp::I64Add,
            }
            .into(),
            GlobalSet { global }.into(),
        ];
        instructions
            .into_iter()
            .map(|instruction| (instruction, InstrLocId::default()))
    }
}

/// Whether what follows in the sequence may not be executed though this was.
fn may_leave(instruction: &Instr) -> bool {
    matches!(
        instruction,
        Instr::Block(_)
            | Instr::Loop(_)
            | Instr::IfElse(_)
            | Instr::Br(_)
            | Instr::BrIf(_)
            | Instr::BrTable(_)
            | Instr::Return(_)
            | Instr::Unreachable(_)
    )
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, InstrSeqBuilder, LocalId};

    use super::*;

    /// Calls `f(3)`, then `f(0)`, and prints the count after each.
    const CALL: &str = "
        const module = new WebAssembly.Module(require('node:fs').readFileSync(process.argv[1]));
        const { f, instructions } = new WebAssembly.Instance(module).exports;
        const after = [3, 0].map((n) => (f(n), Number(instructions.value)));
        console.log(JSON.stringify(after));
    ";

    /// What the counting form of `f` says it has executed after `f(3)` and after `f(0)` too.
    fn counts_of(name: &str, body: impl Fn(&mut InstrSeqBuilder<'_>, LocalId)) -> Vec<u64> {
        let mut module = Module::default();
        let argument = module.locals.add(ValType::I32);
        let mut f = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
        body(&mut f.func_body(), argument);
        let f = f.finish(vec![argument], &mut module.funcs);
        module.exports.add("f", f);
        let counting = count_itself(&module.emit_wasm()).expect("a module");
        let file = project::cache("test-instructions")
            .expect("a folder")
            .join(name);
        project::write(&file, counting).expect("written");
        let mut node = npm::node().expect("node");
        let printed = process::output(node.args(["-e", CALL]).arg(file)).expect("it runs");
        serde_json::from_str(&printed).expect("two counts")
    }

    #[test]
    fn a_loop_counts_each_of_its_rounds() {
        let counts = counts_of("loop", |body, n| {
            body.loop_(None, |body| {
                let again = body.id();
                body.local_get(n).i32_const(1).binop(BinaryOp::I32Sub);
                body.local_tee(n).i32_const(0).binop(BinaryOp::I32GtS);
                body.br_if(again);
            });
        });
        // The loop itself, then seven each for 3, 2, 1; and for 0.
        assert_eq!(counts, [1 + 3 * 7, 1 + 3 * 7 + 1 + 7]);
    }

    #[test]
    fn what_a_branch_leaves_out_is_not_counted() {
        let counts = counts_of("branch", |body, n| {
            body.block(None, |body| {
                let out = body.id();
                body.local_get(n).br_if(out);
                body.i32_const(1).drop().i32_const(2).drop();
            });
            body.i32_const(3).drop();
        });
        assert_eq!(counts, [1 + 2 + 2, 5 + 1 + 2 + 4 + 2]);
    }
}
