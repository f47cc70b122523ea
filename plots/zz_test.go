package plots
import ("testing";"sync";"time";"coexist/sim/tables")
func TestZZ(t *testing.T){
 fs:=standardFigures(t); var wg sync.WaitGroup; s:=time.Now()
 for _,f:=range fs { wg.Add(1); go func(){defer wg.Done(); if _,err:=f.Files(coarse,Light);err!=nil{t.Error(err)}}() }
 wg.Wait(); t.Log(time.Since(s))
}
func TestYY(t *testing.T){
 d:=fake(); var rows []tables.Outcome
 for len(rows)<5_000_000 { rows=append(rows,d.Outcomes...); }
 for i:=range rows { if i%12!=0 { rows[i].Measure="coc" } }
 d.Outcomes=rows; s:=time.Now(); read(d,needed); t.Log(len(rows),time.Since(s))
}
